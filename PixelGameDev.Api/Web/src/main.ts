import './styles/tokens.css';
import './styles/page.css';
import { App } from './app';
import { startTheme } from './ui/theme';

startTheme();
const app = new App();
// A window for tests and benchmarks: the canvas is drawn in a worker, so nobody else could read it.
Object.defineProperty(window, 'pixelgamedev', { value: Object.freeze(app.probe) });
void app.start();
