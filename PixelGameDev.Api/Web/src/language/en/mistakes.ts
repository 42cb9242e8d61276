/** Plain words for Python's errors, continued: the mistakes that have a rule of their own in console/explain….ts. */
export const mistakes = {
  // Lines that Python cannot read.
  invisibleSign: (code: string) => ({
    title: `There is an invisible sign (${code}) in this line`,
    hint: 'It came with copied text. Delete the spaces of this line and type them again.',
  }),
  wrongBracket: (open: string, close: string) => ({
    title: `“${open}” cannot be closed with “${close}”`,
    hint: 'Each bracket needs its own partner: ( ), [ ], { }.',
  }),
  lonelyElse: (word: string) => ({
    title: `This “${word}” has no “if”`,
    hint: 'Its if must stand above, exactly as far to the left, and only lines of that if between them.',
  }),
  wordTypo: (wrong: string, right: string) => ({ title: `Python does not know the word “${wrong}”`, hint: `Did you mean “${right}”?` }),
  rangeBrackets: (value: string) => ({ title: 'range needs round brackets', hint: `Write range(${value}).` }),
  defBrackets: (name: string) => ({ title: `“def ${name}” needs round brackets`, hint: `Write def ${name}():` }),
  valueOnLeft: (name: string) => ({
    title: 'The name stands on the left of the = sign',
    hint: `Write ${name} = 5, not 5 = ${name}. To compare two things, write ==.`,
  }),
  leadingZero: { title: 'A number cannot start with a zero', hint: 'Write 7, not 007. To show the zeros, make it a text: "007".' },
  pathBackslash: {
    title: 'A backslash \\ inside a text begins a special sign',
    hint: 'Write / between folders: "images/hero.png". A game sees only the files of its project.',
  },
  namedBeforeValue: {
    title: 'Values with a name come last',
    hint: 'Put name=value behind the other values, as in print("a", end="").',
  },
  globalLate: (name: string) => ({ title: `“global ${name}” comes too late`, hint: 'Make it the first line of the function.' }),
  fText: { title: 'A curly bracket in this text was never closed', hint: 'One value stands between { and }: f"Lives: {lives}".' },
  otherLanguage: (sign: string, word: string) => ({
    title: `Python writes “${word}” instead of “${sign}”`,
    hint: `Write the word: ${word}.`,
  }),
  notAlone: (value: string) => ({ title: '“not” alone does not compare', hint: `Write != ${value}, or not in for a list.` }),
  installing: (libraries: string) => ({
    title: 'This is a command of the terminal, not Python',
    hint: `Delete the line. These are here already: ${libraries}.`,
  }),
  colonMissingAfter: (line: string) => ({ title: 'A colon is missing', hint: `Put “:” at the end: ${line}:` }),
  indentAfter: (word: string, line: string) => ({
    title: `The line below “${word}” must be moved to the right`,
    hint: `What belongs to “${word}” in line ${line} starts with four spaces more.`,
  }),

  // Names.
  pygameName: (name: string) => ({
    title: `Python does not know “${name}” yet`,
    hint: `Write pygame.${name}, or put “from pygame.locals import *” at the top.`,
  }),
  selfOutside: {
    title: 'There is no “self” here',
    hint: 'self exists only in a function of a class that begins with it: def update(self):',
  },
  pygameZero: (name: string) => ({
    title: `“${name}” belongs to Pygame Zero`,
    hint: 'Put “import pgzrun” in the first line of your file and “pgzrun.go()” in the last.',
  }),
  noOwnAttribute: (owner: string, name: string) => ({
    title: `“${owner}” has no “${name}”`,
    hint: `Is it spelled right? Was it made in __init__, as in self.${name} = 0?`,
  }),
  noSprite: (name: string) => ({
    title: `“${name}” was not made ready as a sprite`,
    hint: 'Let its __init__ begin with super().__init__().',
  }),
  pictureHasNoPlace: (name: string) => ({
    title: `A picture has no “${name}”`,
    hint: 'A picture does not know where it is. Keep its place in a rectangle: rect = hero.get_rect().',
  }),

  // Values of the wrong kind.
  loopOverNumber: (value: string) => ({
    title: 'A for loop cannot go through a number',
    hint: `To repeat something, write for i in range(${value}):`,
  }),
  bracketsForgotten: (name: string) => ({ title: `“${name}” needs round brackets`, hint: `Write ${name}().` }),
  noPlaces: (kind: string) => ({
    title: `${kind} has no places for square brackets`,
    hint: 'Only lists, texts and dictionaries have them. Is it the right variable?',
  }),
  moduleCalled: (name: string) => ({
    title: `“${name}” is a module, not a function`,
    hint: 'A function of a module stands behind a dot, as in random.randint(1, 6).',
  }),
  didYouMeanToo: (near: string, hint: string) => `Did you mean “${near}”? ${hint}`,
  notWholeHere: {
    title: 'Here Python needs a whole number',
    hint: 'A division with / always gives a number with a point. Use //, or int(…).',
  },
  noLength: (kind: string) => ({
    title: `${kind} has no length`,
    hint: 'len() counts the things in a list or the letters of a text. For a number, make it a text first: len(str(number)).',
  }),
  textStays: { title: 'The letters of a text cannot be changed', hint: 'Make a new text: name = "A" + name[1:].' },
  tupleStays: {
    title: 'What is in round brackets (a tuple) cannot be changed',
    hint: 'Use a list with square brackets: place = [1, 2].',
  },
  textTooShort: { title: 'The text is shorter than that', hint: 'A text of 4 letters has the places 0, 1, 2 and 3.' },
  listAsKey: { title: 'A list cannot be a key', hint: 'Use round brackets instead of square ones: (1, 2).' },
  notTogether: (left: string, right: string, sign: string) => ({
    title: `${left} and ${right} do not go together with “${sign}”`,
    hint: 'Is each of the two what you think? Something new gets into a list with things.append(new).',
  }),
  textTimesHalf: { title: 'A text can only be repeated whole times', hint: 'Make the number whole: int(2.5).' },
  classNotThing: (name: string, method: string, thing: string) => ({
    title: `“${name}” is the class; make a thing of it first`,
    hint: `Write ${thing} = ${name}() and then ${thing}.${method}().`,
  }),
  valueMissing: (name: string, missing: string) => ({
    title: `“${name}” needs a value for “${missing}”`,
    hint: 'Compare the brackets here with the brackets after def.',
  }),
  valuesCount: (name: string, takes: string, given: string) => ({
    title: `“${name}” was called with the wrong number of values`,
    hint: `It takes ${takes}; here are ${given}. Compare the brackets here with the brackets after def.`,
  }),
  unknownKeyword: (name: string, keyword: string) => ({
    title: `“${name}” has no value called “${keyword}”`,
    hint: 'Compare it with the names in the brackets after def.',
  }),

  // Lists, texts and numbers.
  notInList: { title: 'That is not in the list', hint: 'Ask first: if enemy in enemies:' },
  choiceOfNothing: { title: 'random.choice() got an empty list', hint: 'Put something into it first, or ask: if things:' },
  emptyList: { title: 'The list is empty', hint: 'Ask first: if things:' },
  notInText: { title: 'That is not in the text', hint: 'Ask first: if "x" in text:' },
  notComputable: {
    title: 'There is no result for this number',
    hint: 'For example, a negative number has no root. Check the value before.',
  },
  dictionaryChanged: {
    title: 'The dictionary changed while a loop went through it',
    hint: 'Let the loop go through a copy: for key in list(things):',
  },
  raisedHere: (text: string) => ({
    title: `Your own code says: ${text}`,
    hint: 'The line with “raise” stopped the game with these words.',
  }),

  // pygame.
  renderText: { title: 'font.render() takes a text', hint: 'Make a text of the number: font.render(str(score), True, "white").' },
  renderValues: {
    title: 'font.render() needs three values',
    hint: 'The text, True for smooth letters, and the colour: font.render("hi", True, "white").',
  },
  pairNeeded: (name: string) => ({
    title: `“${name}” is two numbers in brackets of their own`,
    hint: 'For example: pygame.draw.circle(screen, "red", (100, 50), 20).',
  }),
  drawValueMissing: (name: string) => ({
    title: `The value for “${name}” is missing`,
    hint: 'For example: pygame.draw.circle(screen, "red", (100, 50), 20).',
  }),
  rectangle: {
    title: 'That is not a rectangle',
    hint: 'A rectangle is four numbers: left, top, width and height, as in pygame.Rect(10, 20, 50, 30).',
  },
  windowClosed: {
    title: 'The window is closed already',
    hint: 'After pygame.quit() nothing can be drawn. Leave the loop first, and call pygame.quit() at the very end.',
  },

  // Files.
  fileCapitals: (name: string, near: string) => ({
    title: `There is no file called “${name}”`,
    hint: `But there is “${near}”. Small and capital letters count: write “${near}”.`,
  }),
  fileBackslash: (name: string, near: string) => ({
    title: `There is no file called “${name}”`,
    hint: `But there is “${near}”. Write / between folder and file, not \\.`,
  }),
  fileElsewhere: (name: string, near: string) => ({
    title: `There is no file called “${name}” here`,
    hint: `But there is “${near}”. Write the folder, too.`,
  }),
  fileNear: (name: string, near: string) => ({ title: `There is no file called “${name}”`, hint: `Did you mean “${near}”?` }),
  fileNotYet: (name: string) => ({
    title: `There is no file called “${name}”`,
    hint: `Does your game write it? Then it is not there at the first run: read it only if os.path.exists("${name}"). If not, add it to the list of files.`,
  }),
  folderMissing: (name: string, folder: string) => ({
    title: `“${name}” cannot be written: there is no folder “${folder}”`,
    hint: `Make the folder first: import os, and then os.makedirs("${folder}", exist_ok=True).`,
  }),
  fileOfComputer: (name: string) => ({
    title: `“${name}” is a place on a computer`,
    hint: 'A game sees only the files of its project. Drag the file onto the page and write only its name.',
  }),
  notPicture: (name: string) => ({
    title: `“${name}” is not a picture that pygame can read`,
    hint: 'Open it in a drawing program and save it as PNG. Another name alone does not change what is in it.',
  }),
  notSound: (name: string) => ({
    title: `“${name}” is not a sound that pygame can read`,
    hint: 'Save it as OGG or WAV. Another name alone does not change what is in it.',
  }),
  otherEncoding: {
    title: 'The letters of this text file are stored in another way',
    hint: 'Say which when you open it: open("level.txt", encoding="utf-8").',
  },
  notJson: (place: string) => ({
    title: 'This text is not valid JSON',
    hint: `JSON wants double quote marks around names and texts, and no comma behind the last value. Look at ${place}.`,
  }),

  // Modules.
  importCircle: (name: string) => ({
    title: `Two files import each other: “${name}” is not finished yet`,
    hint: 'Put what both need into a third file, and import that.',
  }),
  no3d: (name: string) => ({
    title: `“${name}” does not work here`,
    hint: 'It needs a graphics card, and games have none here. Draw with pygame.',
  }),
  pureModule: (name: string) => ({
    title: `“${name}” is not here, but you can add it`,
    hint: `It is made of Python files only. Add its folder “${name}” to your project.`,
  }),
};
