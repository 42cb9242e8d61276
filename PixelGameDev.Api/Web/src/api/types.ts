import type * as schema from './schema';

/*
 * The fields of the Api's answers that the page reads. The types are generated from the Api's own description, so a renamed field does
 * not compile here. Fields that the page does not read are left out, so that nothing depends on them.
 */

/** `storage` and `hasPassword` are missing in an answer of the previous version. */
export type Me = Pick<schema.Me, 'id' | 'name' | 'guest' | 'role'> & Partial<Pick<schema.Me, 'storage' | 'hasPassword'>>;

/** The body of a sign-in. `newPassword` replaces a one-time password; `bringGames` moves the games of this browser's guest. */
export type SignIn = { name: string; password: string } & Partial<Pick<schema.Credentials, 'newPassword' | 'bringGames'>>;

/** The body of a sign-up; `invitation` is the code of one, where the server needs it. */
export type SignUp = { name: string; password: string } & Partial<Pick<schema.Credentials, 'invitation'>>;

/** Who may have an account on this server. */
export type AccountOptions = Pick<schema.AccountChoices, 'signUp' | 'guests' | 'setUp' | 'provider'>;

export type ProjectSummary = Pick<schema.ProjectSummary, 'id' | 'name' | 'updatedAt' | 'revision'>;

/** A file of a project; `revision` is the project's at the file's last save. */
export type ProjectFile = Pick<schema.FileInfo, 'path' | 'size' | 'binary' | 'revision'>;

export type TouchControls = schema.TouchControls;

/** What one of the players 2 to 4 presses; a missing choice is `defaultSeats`. */
export type SeatControls = schema.SeatControls;

/** `controls` and `seats` are missing in an answer of the previous version. */
export type Project = Pick<schema.Project, 'id' | 'name' | 'updatedAt' | 'entry' | 'revision'> &
  Partial<Pick<schema.Project, 'controls' | 'seats'>> & { files: ProjectFile[] };

/** The answer to a save; `replaced` is the id in the trash of the earlier content. */
export type SavedFile = Pick<schema.SavedFile, 'path' | 'size' | 'binary' | 'revision' | 'replaced'>;

/** What a game has saved; `used` is false if the project's own file has changed since. */
export type SavedByGame = Pick<schema.SavedFileList, 'maxBytes'> & {
  files: Pick<schema.SavedFileInfo, 'path' | 'size' | 'savedAt' | 'used'>[];
};

export type TrashedProject = Pick<schema.TrashedProject, 'id' | 'name' | 'deletedAt' | 'expiresAt'>;

/** `reason` is `deleted`, or `replaced` for a file that an upload has replaced. */
export type TrashedFile = Pick<schema.TrashedFile, 'id' | 'path' | 'reason' | 'deletedAt' | 'expiresAt'>;

export type Template = Pick<schema.TemplateSummary, 'name' | 'title'> & Partial<Pick<schema.TemplateSummary, 'description'>>;

/** `limits` is missing in an answer of the previous version, or has no `recordingSeconds`; so is `gallery`. */
export type Info = Pick<schema.InfoDocument, 'version' | 'sandbox' | 'signUp'> & {
  gallery?: schema.InfoDocument['gallery'];
  limits?: Partial<Pick<schema.InfoLimits, 'recordingSeconds'>>;
};

/** A session record. */
export type Session = Pick<schema.SessionRecord, 'id' | 'projectName' | 'state' | 'sandbox'> &
  Partial<Pick<schema.SessionRecord, 'endReason' | 'endMessage'>>;

/** The answer to Run. `invitation` is missing in an answer of the previous version. */
export type StartedSession = Pick<schema.StartedSession, 'id' | 'state' | 'sandbox'> & Partial<Pick<schema.StartedSession, 'invitation'>>;

/**
 * What a link shows. `keys`: names of the keys that the game's code asks for, if nobody has chosen touch controls. `recording`,
 * `howToPlay`, likes and `remixOf` are missing in an answer of the previous version.
 */
export type SharedGame = Pick<schema.SharedGame, 'title' | 'maker' | 'withCode' | 'controls' | 'keys'> &
  Partial<Pick<schema.SharedGame, 'recording' | 'howToPlay' | 'likes' | 'liked' | 'remixOf'>>;

/** The code of a shared game. */
export type SharedFiles = schema.SharedFiles;

/** A link in the list of its owner. `published` is missing in an answer of the previous version. */
export type Link = Pick<schema.Link, 'id' | 'code' | 'withCode' | 'revision' | 'endsAt' | 'hasEnded'> &
  Partial<Pick<schema.Link, 'published'>>;

/** The invitation to a game that runs. */
export type SessionInvitation = Pick<schema.SessionInvitation, 'code' | 'watchers'>;

/** What an invitation shows. `startedAt` and `hasEnded` are missing in an answer of the previous version. */
export type WatchedGame = Pick<schema.WatchedGame, 'title' | 'player'> & Partial<Pick<schema.WatchedGame, 'startedAt' | 'hasEnded'>>;

/** A file as the server has it. */
export interface StoredText {
  text: string;
  revision: number;
}

/** The revision that a file must still have on the server; `'new'`: there must be no such file yet. */
export type SaveCondition = number | 'new';
