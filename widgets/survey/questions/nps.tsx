import { scaleView } from '../scale.tsx';

export default scaleView({ kind: 'nps', min: 0, max: 10 });
