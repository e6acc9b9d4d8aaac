import type { VNode } from 'preact';
import type { CardProps } from './card.ts';
import { ConsentCard } from './consent-card.tsx';
import { HouseholdCard, OrganisationCard } from './groups-card.tsx';
import { OrdersCard } from './orders-card.tsx';
import { PrivacyCard } from './privacy-card.tsx';
import { SamePersonCard } from './same-person-card.tsx';
import { StageCard } from './stage-card.tsx';
import { StageLine } from './stage-line.tsx';
import { WhoCard } from './who-card.tsx';

type Component = (props: CardProps) => VNode | null;

/** What stands beside the timeline, from above. A new card is a file beside this one and a line here. */
export const CARDS: readonly Component[] = [
  SamePersonCard, // what may be mended comes first
  WhoCard,
  StageCard,
  OrdersCard,
  ConsentCard,
  OrganisationCard,
  HouseholdCard,
  PrivacyCard,
];

/** What stands under the name: the stage, the owner, the tags. Each a component that may give nothing; a line here each. */
export const UNDER_THE_NAME: readonly Component[] = [
  // In the order they are read.
  StageLine,
];
