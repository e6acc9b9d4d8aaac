import { scaleView } from '../fields.tsx';

export default scaleView({ kind: 'nps', min: 0, max: 10 });
