import { scaleView } from '../fields.tsx';

export default scaleView({ kind: 'ces', min: 1, max: 7 });
