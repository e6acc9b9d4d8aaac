import { scaleView } from '../fields.tsx';

export default scaleView({ kind: 'csat', min: 1, max: 5 });
