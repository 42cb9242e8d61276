/** Plain words for Python's errors; console/explain.ts chooses among them. */
export const explain = {
  unknownName: (name: string) => ({
    title: `Python does not know “${name}”`,
    hint: 'Is it spelled the same everywhere? Capital letters count. Was it made before this line?',
  }),
  didYouMean: (near: string) => `Did you mean “${near}”?`,
  forgotImport: (name: string) => ({
    title: `Python does not know “${name}” yet`,
    hint: `Add “import ${name}” at the top of your file.`,
  }),
  beforeAssignment: (name: string) => ({
    title: `“${name}” has no value yet in this function`,
    hint: `To change a variable from outside, write “global ${name}” at the start of the function.`,
  }),
  missingColon: { title: 'A colon is missing', hint: 'Lines with if, for, while, def and class end with “:”.' },
  unclosed: (bracket: string) => ({
    title: `A “${bracket}” was never closed`,
    hint: 'Every bracket needs its partner. Look here and a little further down.',
  }),
  unmatched: (bracket: string) => ({
    title: `There is one “${bracket}” too many`,
    hint: 'Every bracket needs its partner. Count them on this line and the line above.',
  }),
  unclosedText: { title: 'A text was never closed', hint: 'A text starts and ends with the same quote mark: "hello".' },
  assignInCondition: { title: 'One = sign stores, two compare', hint: 'To compare two things write ==, as in “if score == 10:”.' },
  syntax: { title: 'Python cannot read this line', hint: 'Look for a missing bracket, quote mark or colon here or just above.' },
  needsIndent: {
    title: 'This line must be moved to the right',
    hint: 'Lines that belong to an if, for, while, def or class start with four spaces.',
  },
  unexpectedIndent: { title: 'This line is too far to the right', hint: 'Lines of the same block start at the same place.' },
  indentMismatch: { title: 'This line starts at an odd place', hint: 'Move it so that it lines up with the other lines of its block.' },
  tabs: { title: 'Tabs and spaces are mixed', hint: 'Use four spaces everywhere.' },
  textPlusNumber: {
    title: 'A text and a number cannot be added',
    hint: 'To show it, make the number a text: str(score). To count, make the text a number: int(answer).',
  },
  textAsNumber: (name: string | undefined) => ({
    title: name === undefined ? 'This is a text, not a number' : `“${name}” is a text, not a number`,
    hint: `Make it a number first: int(${name ?? 'text'}). Answers of input() are always texts.`,
  }),
  literalAsNumber: (text: string) => ({
    title: `“${text}” is a text, not a number`,
    hint: `Without quote marks it is a number: ${text}. Or make it one: int("${text}").`,
  }),
  notWhole: (text: string) => ({ title: `“${text}” is not a whole number`, hint: 'float() reads numbers with a point: float("3.5").' }),
  notNumber: (text: string) => ({
    title: text === '' ? 'An empty text is not a number' : `“${text}” is not a number`,
    hint: 'int() and float() only read digits, as in int("12"). Check what was typed first.',
  }),
  elseIf: { title: 'Python writes “elif”', hint: '“else if” is one word in Python: elif score > 10:' },
  curlyQuotes: (sign: string) => ({
    title: `“${sign}” is not the quote mark that Python knows`,
    hint: 'Use the straight one, as in "hello". Tablets and text programs like to bend it.',
  }),
  strangeSign: (sign: string) => ({
    title: `Python does not know the sign “${sign}”`,
    hint: 'Times is *, divided is /, minus is -. Was this line copied from somewhere?',
  }),
  printBrackets: { title: 'print needs round brackets', hint: 'Write print("hello").' },
  forgottenComma: { title: 'A comma is missing', hint: 'Put a comma between two values, as in (100, 50).' },
  returnOutside: {
    title: '“return” only works inside a function',
    hint: 'Move the line to the right, below its def. To end the game use break or sys.exit().',
  },
  loopOutside: (word: string) => ({
    title: `“${word}” only works inside a loop`,
    hint: 'Move the line to the right, below its while or for.',
  }),
  pythonsWord: (word: string) => ({ title: `“${word}” is a word of Python itself`, hint: 'Take another name for your variable.' }),
  digitFirst: { title: 'A name cannot start with a number', hint: 'Put the number at the end: players2.' },
  plusPlus: (name: string, sign: string) => ({ title: `Python has no “${sign}${sign}”`, hint: `Write ${name} ${sign}= 1.` }),
  blitText: (name: string | undefined) => ({
    title: name === undefined ? 'A name is not a picture' : `“${name}” is only a name, not a picture`,
    hint: `Load the picture first: hero = pygame.image.load("${name ?? 'hero.png'}"). Then draw hero.`,
  }),
  blitPlace: { title: 'blit needs to know where', hint: 'Give it a picture and a place: screen.blit(hero, (100, 50)).' },
  sizeBrackets: {
    title: 'set_mode needs two pairs of brackets',
    hint: 'Width and height belong together: pygame.display.set_mode((640, 480)).',
  },
  listPlace: {
    title: 'A place in a list is a whole number',
    hint: 'The first thing is list[0]. Only a dictionary has names: {"lives": 3}.',
  },
  selfMissing: (name: string) => ({ title: `“${name}” forgot self`, hint: `A function of a class starts with self: def ${name}(self):` }),
  unpack: {
    title: 'The number of names and of values is not the same',
    hint: 'On the left of = there must be one name for each value on the right.',
  },
  hidesModule: (name: string) => ({
    title: `Your file ${name}.py hides Python's own “${name}”`,
    hint: `Give your file another name, such as my_${name}.py.`,
  }),
  eventOfOtherKind: (name: string, type: string | undefined) => ({
    title: `This kind of event has no “${name}”`,
    hint: `Ask first what happened: if event.type == pygame.${type ?? 'KEYDOWN'}:`,
  }),
  notHere: (name: string) => ({
    title: `“${name}” does not work here`,
    hint: 'It would open a window of its own. Draw with pygame: pygame.draw.circle(…), pygame.display.flip().',
  }),
  wrongArguments: (name: string) => ({
    title: `“${name}” was called with the wrong number of values`,
    hint: 'Compare the brackets here with the brackets after def.',
  }),
  notCallable: (kind: string) => ({
    title: `${kind} cannot be called like a function`,
    hint: 'Is there a pair of round brackets too many, or a variable with the name of a function?',
  }),
  noneUsed: { title: 'There is nothing here (None)', hint: 'A function without “return” gives None. Did you want its result?' },
  type: {
    title: 'These two kinds of things do not fit together',
    hint: 'Look at what each part of this line is: a number, a text, a list?',
  },
  noAttribute: (owner: string, name: string) => ({
    title: `${owner} has no “${name}”`,
    hint: 'Is it spelled right? Capital letters count.',
  }),
  noneAttribute: (name: string) => ({
    title: `There is nothing (None) that could have “${name}”`,
    hint: 'The variable before the dot was never filled, or a function gave nothing back.',
  }),
  zeroDivision: { title: 'Nothing can be divided by zero', hint: 'Check the number behind / or % before you divide.' },
  index: { title: 'The list is shorter than that', hint: 'A list with 3 things has the places 0, 1 and 2.' },
  key: (key: string) => ({
    title: `There is no ${key} in this dictionary`,
    hint: 'Check the spelling, or ask first: if key in dictionary.',
  }),
  value: { title: 'That value does not work here', hint: "Its kind is right, but not what is in it. Python's own words say more." },
  noModule: (name: string, libraries: string) => ({
    title: `There is no module called “${name}”`,
    hint: `You can use ${libraries}, everything that comes with Python, and your own .py files.`,
  }),
  importName: { title: 'That name is not in there', hint: 'Check the spelling behind import.' },
  noFile: (name: string) => ({
    title: `There is no file called “${name}”`,
    hint: 'Is it in the list of files, with exactly this name? Drag it onto the page to add it.',
  }),
  noFileAnonymous: {
    title: 'A file is missing',
    hint: 'Is it in the list of files, with exactly this name? Drag it onto the page to add it.',
  },
  recursion: { title: 'A function calls itself again and again', hint: 'It needs an if that stops it.' },
  memory: { title: 'There is no memory left', hint: 'Does a list grow all the time? Is a picture very large?' },
  notInitialised: { title: 'pygame is not started yet', hint: 'Call pygame.init() near the top of your file.' },
  noVideo: { title: 'There is no window yet', hint: 'Call pygame.display.set_mode((640, 480)) before you draw.' },
  colour: { title: 'That is not a colour', hint: 'A colour is three numbers from 0 to 255, as in (255, 200, 0), or a name such as "red".' },
  pygame: { title: 'pygame could not do that', hint: 'Its own words are below.' },
  assertion: { title: 'A check in your code said no', hint: 'The condition behind assert was not true.' },
  eof: { title: 'The question got no answer', hint: 'input() waited for a line, but none came.' },
  other: (type: string) => ({ title: `Python stopped here: ${type}`, hint: 'Its own words are below.' }),
  /** A name that Python uses itself. */
  quoted: (name: string) => `“${name}”`,
  kinds: {
    int: 'a number',
    float: 'a number',
    str: 'a text',
    list: 'a list',
    tuple: 'a tuple',
    dict: 'a dictionary',
    bool: 'True or False',
    NoneType: 'nothing (None)',
    function: 'a function',
    module: 'a module',
    Surface: 'a picture',
    Rect: 'a rectangle',
    set: 'a set',
    range: 'a range',
  },
};
