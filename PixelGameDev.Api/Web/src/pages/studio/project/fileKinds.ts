export type FileKind = 'python' | 'text' | 'image' | 'sound' | 'other';

const kinds: Readonly<Record<string, FileKind>> = {
  py: 'python',
  txt: 'text',
  json: 'text',
  csv: 'text',
  md: 'text',
  ini: 'text',
  toml: 'text',
  tmx: 'text',
  tsx: 'text',
  xml: 'text',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  bmp: 'image',
  webp: 'image',
  wav: 'sound',
  ogg: 'sound',
  mp3: 'sound',
};

export function kindOf(path: string): FileKind {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? 'other' : (kinds[path.slice(dot + 1).toLowerCase()] ?? 'other');
}

/** Endings of files that belong to other programs. A game could read every file, but nobody means these for a game. */
const officeEndings = 'doc docx odt rtf pdf pages ppt pptx odp key xls xlsx ods numbers exe msi dmg apk lnk'.split(' ');

/** True for a document or a program that is in a game by mistake. */
export function isOfficeFile(path: string): boolean {
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  return officeEndings.includes(ending.toLowerCase());
}

/** Returns the line of Python that loads the asset. */
export function loadingCode(path: string): string | null {
  const name =
    (path.split('/').pop() ?? path)
      .replace(/\.[^.]*$/, '')
      .replace(/\W+/g, '_')
      .replace(/^(\d)/, '_$1') || 'asset';
  const quoted = JSON.stringify(path);
  switch (kindOf(path)) {
    case 'image':
      return `${name} = pygame.image.load(${quoted})`;
    case 'sound':
      return `${name} = pygame.mixer.Sound(${quoted})`;
    default:
      return null;
  }
}

/** Returns a file name that can be stored: without special characters, and inside the project. */
export function cleanFileName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/\\/g, '/')
    .split('/')
    .map((part) => part.replace(/[\u0000-\u001f\u007f<>:"|?*]+/g, '_').replace(/^[\s.]+|[\s.]+$/g, ''))
    .filter((part) => part !== '')
    .join('/');
}

/** Returns the first of `hero-2.png`, `hero-3.png` … that is free. */
export function freeName(project: { has(path: string): boolean }, path: string): string {
  const dot = path.lastIndexOf('.');
  const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  for (let number = 2; ; number++) {
    const name = `${path.slice(0, end)}-${number}${path.slice(end)}`;
    if (!project.has(name)) return name;
  }
}
