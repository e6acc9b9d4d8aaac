import type { VNode } from 'preact';
import type { CardProps } from './card.ts';
import { CareCard, OwnerLine } from './care-card.tsx';
import { ConsentCard } from './consent-card.tsx';
import { GroupsCard, PastGroupsCard } from './groups-card.tsx';
import { OrdersCard } from './orders-card.tsx';
import { PrivacyCard } from './privacy-card.tsx';
import { SamePersonCard } from './same-person-card.tsx';
import { StageCard } from './stage-card.tsx';
import { StageLine } from './stage-line.tsx';
import { SummaryLine } from './summary-line.tsx';
import { WhoCard } from './who-card.tsx';

type Component = (props: CardProps) => VNode | null;

/** Who this is, and how far with us: beside the timeline, and before it where there is no room beside. */
export const FIRST_CARDS: readonly Component[] = [
  SamePersonCard, // what may be mended comes first
  WhoCard,
  StageCard,
];

/** What else stands beside the timeline, from above. A new card is a file beside this one and a line here. */
export const CARDS: readonly Component[] = [CareCard, OrdersCard, ConsentCard, GroupsCard, PrivacyCard];

/** Cards that have something to say of a past moment: the others are about what is, or can be done, today. */
export const PAST_FIRST_CARDS: readonly Component[] = [WhoCard, StageCard];
export const PAST_CARDS: readonly Component[] = [CareCard, OrdersCard, ConsentCard, PastGroupsCard];

/** What stands under the name: the stage, the owner, the tags. Each a component that may give nothing; a line here each. */
export const UNDER_THE_NAME: readonly Component[] = [
  // In the order they are read.
  SummaryLine,
  OwnerLine,
  StageLine,
];

/** What of it is known of a past moment as well. */
export const PAST_UNDER_THE_NAME: readonly Component[] = [SummaryLine, OwnerLine, StageLine];
