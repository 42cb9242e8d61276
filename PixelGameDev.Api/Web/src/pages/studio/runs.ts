import { api } from '../../api/api';
import { newId } from '../../api/ids';
import { messageOf } from '../../frame/attempt';
import { isSamePerson } from '../../frame/person';
import { RunController } from '../../play/runController';
import { StudioRunView } from './runView';
import type { Studio } from './studio';

/** Connects the state machine of a run with the server, the stream and the page. */
export function makeRuns(studio: Studio): RunController {
  const { workspace } = studio;
  return new RunController({
    server: { start: api.startSession, stop: api.stopSession, read: api.session, running: api.runningSessions },
    stream: studio.game.stream,
    view: new StudioRunView(studio),
    unsaved: () => workspace.saver.pending,
    save: () => workspace.saver.flush(),
    newId,
    isSamePerson,
    beacon: (session) => void navigator.sendBeacon(`/api/sessions/${session}/stop`),
    messageOf,
  });
}
