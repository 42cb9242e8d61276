import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/stage.css';
import './styles/overlays.css';
import './styles/shared.css';
import { type JSX, render } from 'preact';
import { watchForMissingParts } from './frame/missingPart';
import { startTheme } from './frame/theme';
import { startLanguage } from './language';
import { loadSharedWords } from './language/sharedWords';
import { SharedLink } from './pages/shared/sharedLink';
import { SharedPage } from './pages/shared/sharedPage';
import { WatchLink } from './pages/watch/watchLink';

/*
 * The page behind a link: /play/CODE, /embed/CODE inside of another website, and /watch/CODE for a game that somebody plays now. It has none
 * of the studio's code.
 */
watchForMissingParts();
startTheme();
// Sample: /play/k3mpx7qd9fhz
const [, kind, code = ''] = location.pathname.split('/');
// The server has written the game's picture into the document.
const picture = document.querySelector('#still');
const page = kind === 'watch' ? watch() : play(picture?.querySelector('img')?.src);
await startLanguage();
await loadSharedWords();
render(await page, document.querySelector('#app')!);
picture?.remove();

function play(still: string | undefined): JSX.Element {
  const link = new SharedLink(code, kind === 'embed');
  // Requested while the words are loaded; the page shows a failure.
  link.show().catch(() => undefined);
  return <SharedPage link={link} still={still} />;
}

async function watch(): Promise<JSX.Element> {
  const { WatchPage } = await import('./pages/watch/watchPage');
  return <WatchPage link={new WatchLink(code)} />;
}
