import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/layout.css';
import './styles/files.css';
import './styles/editor.css';
import './styles/stage.css';
import './styles/console.css';
import './styles/overlays.css';
import './styles/small-screens.css';
import { render } from 'preact';
import { App } from './app';
import { readAddress } from './frame/address';
import { watchForMissingParts } from './frame/missingPart';
import { onChangeElsewhere } from './frame/otherWindows';
import { personChanged, whoIsHere } from './frame/person';
import { startTheme } from './frame/theme';
import { startView } from './frame/view';
import { startLanguage } from './language';

watchForMissingParts();
startTheme();
startView();
onChangeElsewhere(() => {
  personChanged.value = true;
});
const { kind } = readAddress(location.pathname);
if (kind === 'home' || kind === 'project') {
  // Requested while the page is drawn: the answer to the first question, and the largest part of the studio.
  whoIsHere().catch(() => undefined);
  void import('./pages/studio/editor/editor').catch(() => undefined);
}
await startLanguage();
render(<App />, document.querySelector('#app')!);
