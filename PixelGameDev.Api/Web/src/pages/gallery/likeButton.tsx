import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { ApiError } from '../../api/apiError';
import { json, request } from '../../api/request';
import type { GameLikes } from '../../api/schema';
import { messageOf } from '../../frame/attempt';
import { Icon } from '../../frame/icons';
import { toast } from '../../frame/toasts';
import { sharedWords } from '../../language/sharedWords';

interface LikeButtonProps {
  code: string;
  likes: number;
  liked: boolean;
}

/** Draws how many people like a game, and lets a person with an account like it. */
export function LikeButton({ code, likes, liked }: LikeButtonProps): JSX.Element {
  const words = sharedWords().sharedGame;
  const now = useSignal<GameLikes>({ likes, liked });
  const busy = useSignal(false);
  const toggle = async (): Promise<void> => {
    busy.value = true;
    try {
      const method = now.value.liked ? 'DELETE' : 'PUT';
      now.value = await json<GameLikes>(request(method, `/api/play/${encodeURIComponent(code)}/like`));
    } catch (error) {
      const needsAccount = error instanceof ApiError && (error.status === 401 || error.status === 403);
      toast(needsAccount ? words.likeSignIn : messageOf(error), { kind: 'bad', key: 'like' });
    }
    busy.value = false;
  };
  return (
    <button
      type="button"
      class="soft-button shared-like"
      aria-pressed={now.value.liked}
      aria-label={words.likes(now.value.likes)}
      title={words.like}
      disabled={busy.value}
      data-testid="like"
      onClick={() => void toggle()}
    >
      <Icon name="heart" />
      <span>{now.value.likes}</span>
    </button>
  );
}
