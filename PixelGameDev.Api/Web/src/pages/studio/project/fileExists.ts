import { strings } from '../../../language';

/** Thrown if a file of that name already exists. */
export class FileExists extends Error {
  constructor(readonly path: string) {
    super(strings.files.exists(path));
    this.name = 'FileExists';
  }
}
