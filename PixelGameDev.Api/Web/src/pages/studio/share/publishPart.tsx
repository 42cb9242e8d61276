import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { messageOf } from '../../../frame/attempt';
import { AskRemove } from '../../../frame/dialogs/askRemove';
import { person } from '../../../frame/person';
import { toast } from '../../../frame/toasts';
import { galleryWords } from '../../../language/galleryWords';
import { moreWords } from '../../../language/moreWords';
import type { OpenProject } from '../project/openProject';
import { Choice } from './choice';
import { type Publication, type PublicationState, type Publishing, publishServer } from './publishServer';
import { pageOf } from './shareServer';

interface PublishPartProps {
  opened: OpenProject;
  state: PublicationState;
  onChange(): void;
}

/** Draws how the owner shows the open game in the gallery. Nothing, if this server has none. The words of the gallery must be there. */
export function PublishPart({ opened, state: { gallery, publication }, onChange }: PublishPartProps): JSX.Element | null {
  if (gallery === 'off') return null;
  const words = galleryWords().publish;
  return (
    <section class="share-part" aria-label={words.title} data-testid="publish">
      <h3>{words.title}</h3>
      {person.value?.guest === false ? (
        <>
          <p class="soft">{gallery === 'public' ? words.hintPublic : words.hintMembers}</p>
          <PublishForm key={publication?.code} opened={opened} publication={publication ?? undefined} onChange={onChange} />
        </>
      ) : (
        <p class="soft">{words.guest}</p>
      )}
    </section>
  );
}

interface PublishFormProps {
  opened: OpenProject;
  /** Undefined: the game is not in the gallery. */
  publication: Publication | undefined;
  onChange(): void;
}

function PublishForm({ opened, publication, onChange }: PublishFormProps): JSX.Element {
  const words = galleryWords().publish;
  const share = moreWords().share;
  const howToPlay = useSignal(publication?.howToPlay ?? '');
  const tags = useSignal(publication?.tags.join(' ') ?? '');
  const withCode = useSignal(publication?.withCode ?? false);
  const pinned = useSignal(publication?.pinned ?? false);
  const problem = useSignal('');
  const id = useId();
  const publish = async (): Promise<void> => {
    // The gallery shows what the server has, so everything typed is sent first.
    await opened.saver.flush();
    // A version that is kept is taken anew only if the person chooses so.
    const changed = pinned.value !== (publication?.pinned ?? false) || publication === undefined;
    const wanted: Publishing = {
      howToPlay: howToPlay.value,
      tags: tags.value.split(/[\s,;#]+/).filter((tag) => tag !== ''),
      withCode: withCode.value,
      pinned: changed ? pinned.value : null,
    };
    await publishServer.publish(opened.id, wanted);
    toast(publication === undefined ? words.published : words.changed, { kind: 'good', key: 'publish' });
  };
  const act = (action: Promise<unknown>): void => {
    problem.value = '';
    action.then(onChange, (error: unknown) => {
      problem.value = messageOf(error);
    });
  };
  return (
    <form
      class="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        act(publish());
      }}
    >
      {publication !== undefined && <Published publication={publication} onRemove={() => act(publishServer.unpublish(opened.id))} />}
      <label class="share-text" for={`${id}-how`}>
        {words.howToPlay}
      </label>
      <textarea
        id={`${id}-how`}
        rows={3}
        maxLength={500}
        value={howToPlay.value}
        data-testid="publish-how"
        onInput={({ currentTarget }) => {
          howToPlay.value = currentTarget.value;
        }}
      />
      <label class="share-text" for={`${id}-tags`}>
        {words.tags}
      </label>
      <input
        id={`${id}-tags`}
        type="text"
        value={tags.value}
        data-testid="publish-tags"
        onInput={({ currentTarget }) => {
          tags.value = currentTarget.value;
        }}
      />
      <Choice legend={share.what} name="gallery-code" chosen={withCode} no={share.playOnly} yes={share.withCode} />
      <Choice legend={share.version} name="gallery-version" chosen={pinned} no={share.newest} yes={share.thisVersion} />
      <p class="soft">{words.record}</p>
      <p class="account-refusal" role="alert">
        {problem}
      </p>
      <button type="submit" class="run-button" data-testid="publish-send">
        {publication === undefined ? words.publish : words.change}
      </button>
    </form>
  );
}

/** Says that the game is in the gallery, and takes it out. */
function Published({ publication, onRemove }: { publication: Publication; onRemove(): void }): JSX.Element {
  const words = galleryWords().publish;
  const asking = useSignal(false);
  return asking.value ? (
    <AskRemove
      question={words.unpublishAsk}
      keep={words.keep}
      remove={words.unpublish}
      onKeep={() => {
        asking.value = false;
      }}
      onRemove={onRemove}
    />
  ) : (
    <div class="row" data-testid="published">
      <strong>{words.published}</strong>
      <a class="text-button" href={pageOf(publication)} target="_blank" rel="noopener">
        {words.look}
      </a>
      <button
        type="button"
        class="text-button"
        data-testid="unpublish"
        onClick={() => {
          asking.value = true;
        }}
      >
        {words.unpublish}
      </button>
    </div>
  );
}
