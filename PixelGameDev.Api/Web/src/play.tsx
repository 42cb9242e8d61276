import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/stage.css';
import './styles/overlays.css';
import './styles/shared.css';
import { render } from 'preact';
import { watchForMissingParts } from './frame/missingPart';
import { startTheme } from './frame/theme';
import { startLanguage } from './language';
import { loadSharedWords } from './language/sharedWords';
import { SharedLink } from './pages/shared/sharedLink';
import { SharedPage } from './pages/shared/sharedPage';

/* The page behind a link: /play/CODE, and /embed/CODE inside of another website. It has none of the studio's code. */
watchForMissingParts();
startTheme();
// Sample: /play/k3mpx7qd9fhz
const [, kind, code = ''] = location.pathname.split('/');
const link = new SharedLink(code, kind === 'embed');
// Requested while the words are loaded; the page shows a failure.
link.show().catch(() => undefined);
// The server has written the game's picture into the document.
const picture = document.querySelector('#still');
const still = picture?.querySelector('img')?.src;
await startLanguage();
await loadSharedWords();
render(<SharedPage link={link} still={still} />, document.querySelector('#app')!);
picture?.remove();
