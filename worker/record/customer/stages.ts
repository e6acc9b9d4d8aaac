import {
  COURSE,
  COURSE_PAST,
  EVIDENCE,
  EVIDENCE_PAST,
  STATE,
  STATE_PAST,
  type StageRecord,
  stagesOf,
} from '../stages/read.ts';
import type { Part } from './part.ts';

/** The stages the relationship went through, up to the day asked for. */
export const stages: Part<StageRecord> = {
  now: [STATE, COURSE, EVIDENCE],
  past: [STATE_PAST, COURSE_PAST, EVIDENCE_PAST],
  read: stagesOf,
};
