import { consentOperations } from './consent-operations.ts';
import { contactOperations } from './contact-operations.ts';
import { customerOperations } from './customer-operations.ts';
import { exportOperations } from './export-operations.ts';
import { fieldOperations } from './field-operations.ts';
import { householdOperations } from './household-operations.ts';
import { identityOperations } from './identity-operations.ts';
import { importOperations } from './import-operations.ts';
import { insightOperations } from './insight-operations.ts';
import { jobOperations } from './job-operations.ts';
import { mailOperations } from './mail-operations.ts';
import { memberOperations } from './member-operations.ts';
import { noticeOperations } from './notice-operations.ts';
import { organisationOperations } from './organisation-operations.ts';
import { privacyOperations } from './privacy-operations.ts';
import { productOperations } from './product-operations.ts';
import { reconcileOperations } from './reconcile-operations.ts';
import { replayOperations } from './replay-operations.ts';
import type { Operation } from './route.ts';
import { sayOperations } from './say-operations.ts';
import { segmentOperations } from './segment-operations.ts';
import { sourceOperations } from './source-operations.ts';
import { stageOperations } from './stage-operations.ts';
import { suggestionOperations } from './suggestion-operations.ts';

/** Every operation of `/api/v1`. */
export const operations: readonly Operation[] = [
  ...customerOperations,
  ...sayOperations,
  ...segmentOperations,
  ...contactOperations,
  ...productOperations,
  ...identityOperations,
  ...consentOperations,
  ...fieldOperations,
  ...memberOperations,
  ...suggestionOperations,
  ...organisationOperations,
  ...householdOperations,
  ...noticeOperations,
  ...privacyOperations,
  ...mailOperations,
  ...sourceOperations,
  ...reconcileOperations,
  ...replayOperations,
  ...stageOperations,
  ...insightOperations,
  ...jobOperations,
  ...importOperations,
  ...exportOperations,
];
