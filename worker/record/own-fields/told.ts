import { TELLING, type Told, toldIn } from '../../../schema/told-value.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { parseStored } from '../../platform/json.ts';

/** An SQL expression: what the touchpoint `t` tells of its person, as a JSON list of objects. */
export const TOLD = `json_array(${TELLING.map((part) => `json(t.data -> '$.${part}')`).join(', ')})`;

/** What that expression gave, by plain name. */
export const toldOf = (told: string): Told => toldIn(parseStored<Json[]>(told, []));
