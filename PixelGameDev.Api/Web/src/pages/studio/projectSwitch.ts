import { batch } from '@preact/signals';
import { api } from '../../api/api';
import { ApiError } from '../../api/apiError';
import type { Project, ProjectSummary, SignIn, SignUp, Template } from '../../api/types';
import { attempt, messageOf } from '../../frame/attempt';
import type { MainMenuActions } from '../../frame/mainMenu';
import { tellOtherWindows } from '../../frame/otherWindows';
import { person, whoIsHere } from '../../frame/person';
import { remembered } from '../../frame/remembered';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { pause } from '../../play/runServer';
import type { Studio } from './studio';

/** Longest wait for the request to stop a game before its page is left, milliseconds. */
const stopTime = 2000;

/** Holds which project is open in the studio, and for which account. */
export class ProjectSwitch {
  /** Counts requests for projects: an older one whose answer arrives late is not shown. */
  private switches = 0;

  constructor(private readonly studio: Studio) {}

  /** The menu's actions in the studio. */
  readonly menu: MainMenuActions = {
    signUp: (how) => this.signUp(how),
    signIn: (how) => this.signIn(how),
    signOut: () => this.signOut(),
    openPage: (address) => this.openPage(address),
    currentProject: () => this.studio.workspace.project?.id,
    openHistory: () => this.studio.openHistory(),
    openRecordings: () => this.studio.openRecordings(),
    openShare: () => this.studio.openShare(),
    openProject: (id) => void attempt(this.open(id)),
    createProject: (template) => void attempt(this.create(template)),
    deleteProject: (project) => this.remove(project),
    restoreProject: async (id) => {
      const project = await api.restoreProject(id);
      toast(strings.trash.restored(project.name), { kind: 'good', key: `trash-${id}` });
      void attempt(this.open(id));
    },
    removeProject: async (id) => {
      await api.removeProject(id);
      // There is room again, perhaps for text that was refused.
      this.studio.workspace.saver.retryNow();
    },
  };

  /** Returns the project of an address; undefined if there is none or it belongs to another account. Without an id, the last one. */
  async first(id: string | undefined): Promise<Project | undefined> {
    return id === undefined ? await this.home(remembered.get('project')) : await this.find(id);
  }

  /** Shows a project. Text typed in the previous one must be stored by now. */
  async show(project: Project): Promise<void> {
    const { studio } = this;
    remembered.set('project', project.id);
    // Not through the router, because the studio stays, with another project in it.
    history.replaceState(null, '', `/projects/${project.id}`);
    studio.runs.forget();
    batch(() => {
      studio.session.value = undefined;
      studio.invitation.value = undefined;
      studio.setSaved('saved');
      studio.projectName.value = { text: project.name };
      studio.console.begin();
      studio.stage.idle();
      studio.playing.value = false;
    });
    studio.touch.show(project);
    await studio.workspace.show(project);
  }

  /** Renames the open project. */
  async rename(name: string): Promise<void> {
    const { studio } = this;
    const { project } = studio.workspace;
    if (project === undefined) return;
    try {
      await api.patchProject(project.id, { name });
      project.name = name;
    } catch (error) {
      toast(messageOf(error), { kind: 'bad' });
    }
    if (project === studio.workspace.project) studio.projectName.value = { text: project.name };
  }

  private async find(id: string): Promise<Project | undefined> {
    try {
      return await api.project(id);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return undefined;
      throw error;
    }
  }

  /** Returns the project to start with if the address names none: the last one of this browser, else the newest, else a new one. */
  private async home(last: string | null): Promise<Project> {
    const known = last === null ? undefined : await this.find(last);
    if (known !== undefined) return known;
    const [newest] = await api.projects();
    return newest === undefined ? api.createProject('starter') : api.project(newest.id);
  }

  /** Turns the guest into a registered account; nothing on the page changes. */
  private async signUp(how: SignUp): Promise<void> {
    await this.studio.workspace.saver.flush();
    // Only an existing guest can become a registered account.
    await whoIsHere();
    person.value = await api.signUp(how);
    toast(strings.account.kept(person.value.name), { kind: 'good' });
  }

  private async signIn(how: SignIn): Promise<void> {
    await this.becomeSomebodyElse(() => api.signIn(how));
  }

  private async signOut(): Promise<void> {
    await this.becomeSomebodyElse(() => api.signOut());
  }

  private async becomeSomebodyElse(change: () => Promise<unknown>): Promise<void> {
    const { workspace } = this.studio;
    await workspace.whileLocked(async () => {
      await workspace.saver.flush();
      await this.leave();
      await change();
      tellOtherWindows();
      // Another account has other games: the page loads again, with this game if it came along.
      location.assign('/');
    });
  }

  /** Opens another page of this site, when all typed text is stored. */
  private async openPage(address: string): Promise<void> {
    await this.studio.workspace.whileLocked(async () => {
      await this.leave();
      location.assign(address);
    });
  }

  private async open(id: string): Promise<void> {
    if (id === this.studio.workspace.project?.id) return;
    await this.switchTo(() => api.project(id));
  }

  private async create(template: Template): Promise<void> {
    await this.switchTo(() => api.createProject(template.name));
  }

  /** Leaves this project for another one. Of several requests, the last one is shown. */
  private async switchTo(load: () => Promise<Project>): Promise<void> {
    const turn = ++this.switches;
    await this.studio.workspace.whileLocked(async () => {
      await this.leave();
      const project = await load();
      if (turn === this.switches) await this.show(project);
    });
  }

  /** Stores all typed text, and rejects if that is not possible now. Stops the game while it still belongs to this account. */
  private async leave(): Promise<void> {
    await this.studio.workspace.leave();
    await Promise.race([this.studio.runs.stop(), pause(stopTime)]);
  }

  private async remove(project: ProjectSummary): Promise<void> {
    try {
      if (project.id === this.studio.workspace.project?.id) await this.removeOpen(project.id);
      else await api.deleteProject(project.id);
      const restore = async (): Promise<void> => {
        await api.restoreProject(project.id);
        await this.open(project.id);
      };
      toast(strings.games.removed(project.name), {
        key: `trash-${project.id}`,
        action: { label: strings.files.undo, run: () => void attempt(restore()) },
      });
    } catch (error) {
      toast(messageOf(error), { kind: 'bad' });
    }
  }

  private async removeOpen(id: string): Promise<void> {
    const { workspace, runs } = this.studio;
    await workspace.whileLocked(async () => {
      void runs.stop();
      // Text typed just before can be restored with the game.
      await workspace.leave().catch(() => undefined);
      await api.deleteProject(id);
      workspace.abandon();
      await this.show(await this.home(null));
    });
  }
}
