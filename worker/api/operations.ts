import { customerOperations } from './customer-operations.ts';
import { exportOperations } from './export-operations.ts';
import { identityOperations } from './identity-operations.ts';
import { importOperations } from './import-operations.ts';
import { insightOperations } from './insight-operations.ts';
import { privacyOperations } from './privacy-operations.ts';
import type { Operation } from './route.ts';
import { sourceOperations } from './source-operations.ts';

/** Every operation of `/api/v1`. */
export const operations: readonly Operation[] = [
  ...customerOperations,
  ...identityOperations,
  ...privacyOperations,
  ...sourceOperations,
  ...insightOperations,
  ...importOperations,
  ...exportOperations,
];
