// All that an upload needs, loaded at the first one, so that the page stays small.
export { chosenFolder } from '../project/droppedFiles';
export { probableStart, storeUploads, undoReplacement } from '../project/uploads';
export { askEncoding } from './encodingDialog';
export { askExisting } from './existingDialog';
export { askOthers } from './refusedDialog';
