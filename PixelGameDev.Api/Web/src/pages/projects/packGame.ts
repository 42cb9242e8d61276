import { Zip, ZipPassThrough } from 'fflate';
import { strings } from '../../language';
import { askEncoding } from '../studio/files/encodingDialog';
import { textInUtf8 } from '../studio/project/encodings';
import type { LocalFile } from '../studio/project/uploads';
import type { LeftOut } from './projectsServer';

/** Most bytes of a file, and of all files of a game, as the server has them. */
const maxFileBytes = 5_000_000;
const maxGameBytes = 20_000_000;

const isProgram = ({ name }: LocalFile): boolean => /\.pyw?$/i.test(name);

/** Returns the name of a game of single files: that of its only program; undefined if it does not say anything. */
export function nameOf(files: readonly LocalFile[]): string | undefined {
  const [program, ...others] = files.filter(isProgram);
  const name = program?.name.replace(/\.pyw?$/i, '');
  return others.length > 0 || name?.includes('/') || name === 'main' ? undefined : name;
}

/**
 * Packs the files of a game for the server, which takes a game as a whole or not at all. Files that cannot be sent are left out, each with
 * the reason. Asks about texts that are not UTF-8.
 */
export async function packGame(files: readonly LocalFile[]): Promise<{ zip: Blob; leftOut: LeftOut[] }> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((_, part) => void parts.push(part as Uint8Array<ArrayBuffer>));
  const leftOut: LeftOut[] = [];
  let bytes = 0;
  // Programs first: without them, there is no game.
  for (const file of [...files.filter(isProgram), ...files.filter((other) => !isProgram(other))]) {
    const path = file.name.normalize('NFC');
    const leave = (code: string, detail: string, parameters: LeftOut['parameters'] = {}): void => {
      leftOut.push({ path, code, detail, parameters });
    };
    if (file.size > maxFileBytes) {
      leave('file_too_large', strings.files.tooBig(path), { path, megabytes: maxFileBytes / 1_000_000 });
    } else if (bytes + file.size > maxGameBytes) {
      leave('project_too_large', strings.statuses.tooLarge, { megabytes: maxGameBytes / 1_000_000 });
    } else {
      try {
        const content = await textInUtf8(path, await file.arrayBuffer(), askEncoding);
        if (content === undefined) continue;
        bytes += content.byteLength;
        // Not compressed: most of a game is pictures and sounds, which do not become smaller.
        const entry = new ZipPassThrough(path);
        zip.add(entry);
        entry.push(new Uint8Array(content), true);
      } catch {
        leave('unreadable', strings.files.unreadable(path));
      }
    }
  }
  zip.end();
  return { zip: new Blob(parts, { type: 'application/zip' }), leftOut };
}
