import { strings } from '../../../language';

/** There is a file of that name already. */
export class FileExists extends Error {
  constructor(readonly path: string) {
    super(strings.files.exists(path));
    this.name = 'FileExists';
  }
}
