/** Words about the files that a game has saved; they come with the words for errors, when they are needed. */
export const saves = {
  title: 'Saved by your game',
  hint: 'Your game wrote these files, and your next run gets them again. They are only yours: another player begins without them.',
  none: 'Your game has not saved anything yet. When it writes a file, such as a high score, you find it here.',
  unused: 'Not used: you have changed this file in your game since.',
  room: (used: string, most: string) => `${used} of ${most} used`,
  size: { bytes: (size: number) => (size === 1 ? '1 byte' : `${size} bytes`), kilobytes: (size: string) => `${size} kB` },
  show: (name: string) => `Show ${name}`,
  hide: (name: string) => `Hide ${name}`,
  noText: 'This file is not a text, so it cannot be shown. You can download it.',
  cut: 'This is the beginning. Download the file to see all of it.',
  download: (name: string) => `Download ${name}`,
  resetOne: (name: string) => `Reset ${name}`,
  resetAll: 'Reset all',
  askOne: (name: string) => `Forget what your game saved in ${name}? This cannot be undone.`,
  askAll: 'Forget everything that your game has saved? The next run begins like the first. This cannot be undone.',
  keep: 'Keep it',
  reset: 'Reset',
  /** Lines of the console about a file that is not kept. */
  notKept: {
    size: (name: string) => `${name} is too big to keep for the next run: all saved files together can have 1 MB.`,
    space: (name: string) => `${name} is not kept for the next run: your space is full. Delete files or games that you no longer need.`,
    files: (name: string) => `${name} is not kept for the next run: a game can keep 64 files.`,
    name: (name: string) => `${name} is not kept for the next run: its name has signs that cannot be kept.`,
    code: (name: string) => `${name} is not kept for the next run: a game cannot keep Python files. Write data into a .txt or .json file.`,
  },
  moreNotKept: (count: number) => (count === 1 ? '1 more file is not kept.' : `${count} more files are not kept.`),
};
