import { api } from '../../api/api';
import { newId } from '../../api/ids';
import { messageOf } from '../../frame/attempt';
import { isSamePerson } from '../../frame/person';
import { RunController } from '../../play/runController';
import { StudioRunView } from './runView';
import { type Studio, viewRate } from './studio';

/** Connects the state machine of a run with the server, the stream and the page. */
export function makeRuns(studio: Studio): RunController {
  const { workspace } = studio;
  return new RunController({
    server: { start: api.startSession, stop: api.stopSession, read: api.session, running: api.runningSessions },
    stream: {
      open: (run, session) => {
        studio.player.open(run, api.streamUrl(session));
        studio.player.setView(true, viewRate());
        studio.input.begin();
      },
      close: () => studio.player.close(),
      reconnect: () => studio.player.reconnect(),
    },
    view: new StudioRunView(studio),
    unsaved: () => workspace.saver.pending,
    save: () => workspace.saver.flush(),
    newId,
    isSamePerson,
    beacon: (session) => void navigator.sendBeacon(`/api/sessions/${session}/stop`),
    messageOf,
  });
}
