import { toast } from '../../../frame/toasts';
import { moreWords } from '../../../language/moreWords';

/** Copies a text to the clipboard and says so. */
export async function copyAddress(text: string): Promise<void> {
  const words = moreWords().share;
  try {
    await navigator.clipboard.writeText(text);
    toast(words.copied, { kind: 'good', key: 'share' });
  } catch {
    toast(words.notCopied, { kind: 'bad', key: 'share' });
  }
}
