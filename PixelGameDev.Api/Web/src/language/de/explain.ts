import type { ErrorWords } from '../errorWords';

export const explain: ErrorWords['explain'] = {
  unknownName: (name) => ({
    title: `Python kennt „${name}“ nicht`,
    hint: 'Ist es überall gleich geschrieben? Groß und klein zählt. Gab es den Namen schon vor dieser Zeile?',
  }),
  didYouMean: (near) => `Meinst du „${near}“?`,
  forgotImport: (name) => ({ title: `Python kennt „${name}“ noch nicht`, hint: `Schreib „import ${name}“ ganz oben in deine Datei.` }),
  beforeAssignment: (name) => ({
    title: `„${name}“ hat in dieser Funktion noch keinen Wert`,
    hint: `Um eine Variable von außen zu ändern, schreib „global ${name}“ an den Anfang der Funktion.`,
  }),
  missingColon: { title: 'Ein Doppelpunkt fehlt', hint: 'Zeilen mit if, for, while, def und class enden mit „:“.' },
  unclosed: (bracket) => ({
    title: `Eine „${bracket}“ wurde nie geschlossen`,
    hint: 'Jede Klammer braucht ihre Partnerin. Schau hier und ein bisschen weiter unten.',
  }),
  unmatched: (bracket) => ({
    title: `Hier ist eine „${bracket}“ zu viel`,
    hint: 'Jede Klammer braucht ihre Partnerin. Zähl sie in dieser Zeile und in der Zeile darüber.',
  }),
  unclosedText: { title: 'Ein Text wurde nie geschlossen', hint: 'Ein Text beginnt und endet mit demselben Anführungszeichen: "hallo".' },
  assignInCondition: {
    title: 'Ein = speichert, zwei vergleichen',
    hint: 'Um zwei Dinge zu vergleichen, schreib ==, wie in „if score == 10:“.',
  },
  syntax: {
    title: 'Python kann diese Zeile nicht lesen',
    hint: 'Fehlt hier oder kurz darüber eine Klammer, ein Anführungszeichen oder ein Doppelpunkt?',
  },
  needsIndent: {
    title: 'Diese Zeile muss weiter nach rechts',
    hint: 'Zeilen, die zu if, for, while, def oder class gehören, fangen mit vier Leerzeichen an.',
  },
  unexpectedIndent: { title: 'Diese Zeile steht zu weit rechts', hint: 'Zeilen im selben Block fangen an derselben Stelle an.' },
  indentMismatch: {
    title: 'Diese Zeile fängt an einer seltsamen Stelle an',
    hint: 'Schieb sie so, dass sie genau unter den anderen Zeilen ihres Blocks steht.',
  },
  tabs: { title: 'Tabs und Leerzeichen sind gemischt', hint: 'Nimm überall vier Leerzeichen.' },
  textPlusNumber: {
    title: 'Ein Text und eine Zahl lassen sich nicht addieren',
    hint: 'Zum Anzeigen mach aus der Zahl einen Text: str(score). Zum Rechnen mach aus dem Text eine Zahl: int(answer).',
  },
  textAsNumber: (name) => ({
    title: name === undefined ? 'Das ist ein Text, keine Zahl' : `„${name}“ ist ein Text, keine Zahl`,
    hint: `Mach erst eine Zahl daraus: int(${name ?? 'text'}). Antworten von input() sind immer Texte.`,
  }),
  literalAsNumber: (text) => ({
    title: `„${text}“ ist ein Text, keine Zahl`,
    hint: `Ohne Anführungszeichen ist es eine Zahl: ${text}. Oder mach eine daraus: int("${text}").`,
  }),
  notWhole: (text) => ({ title: `„${text}“ ist keine ganze Zahl`, hint: 'float() liest Zahlen mit Punkt: float("3.5").' }),
  notNumber: (text) => ({
    title: text === '' ? 'Ein leerer Text ist keine Zahl' : `„${text}“ ist keine Zahl`,
    hint: 'int() und float() lesen nur Ziffern, wie in int("12"). Prüfe zuerst, was eingegeben wurde.',
  }),
  elseIf: { title: 'In Python heißt das „elif“', hint: '„else if“ ist in Python ein Wort: elif score > 10:' },
  curlyQuotes: (sign) => ({
    title: `„${sign}“ ist nicht das Anführungszeichen, das Python kennt`,
    hint: 'Nimm das gerade, wie in "hallo". Tablets und Textprogramme biegen es gern krumm.',
  }),
  strangeSign: (sign) => ({
    title: `Python kennt das Zeichen „${sign}“ nicht`,
    hint: 'Mal ist *, geteilt ist /, minus ist -. Ist diese Zeile von irgendwo kopiert?',
  }),
  printBrackets: { title: 'print braucht runde Klammern', hint: 'Schreib print("hallo").' },
  forgottenComma: { title: 'Ein Komma fehlt', hint: 'Setz ein Komma zwischen zwei Werte, wie in (100, 50).' },
  returnOutside: {
    title: '„return“ geht nur in einer Funktion',
    hint: 'Rück die Zeile nach rechts, unter ihr def. Um das Spiel zu beenden, nimm break oder sys.exit().',
  },
  loopOutside: (word) => ({ title: `„${word}“ geht nur in einer Schleife`, hint: 'Rück die Zeile nach rechts, unter ihr while oder for.' }),
  pythonsWord: (word) => ({
    title: `„${word}“ ist ein Wort, das Python selbst braucht`,
    hint: 'Nimm einen anderen Namen für deine Variable.',
  }),
  digitFirst: { title: 'Ein Name kann nicht mit einer Zahl anfangen', hint: 'Setz die Zahl ans Ende: players2.' },
  plusPlus: (name, sign) => ({ title: `Python hat kein „${sign}${sign}“`, hint: `Schreib ${name} ${sign}= 1.` }),
  blitText: (name) => ({
    title: name === undefined ? 'Ein Name ist kein Bild' : `„${name}“ ist nur ein Name, kein Bild`,
    hint: `Lade zuerst das Bild: hero = pygame.image.load("${name ?? 'hero.png'}"). Dann zeichne hero.`,
  }),
  blitPlace: { title: 'blit muss wissen, wohin', hint: 'Gib ihm ein Bild und eine Stelle: screen.blit(hero, (100, 50)).' },
  sizeBrackets: {
    title: 'set_mode braucht zwei Paar Klammern',
    hint: 'Breite und Höhe gehören zusammen: pygame.display.set_mode((640, 480)).',
  },
  listPlace: {
    title: 'Ein Platz in einer Liste ist eine ganze Zahl',
    hint: 'Das erste Ding ist list[0]. Nur ein Dictionary hat Namen: {"lives": 3}.',
  },
  selfMissing: (name) => ({
    title: `„${name}“ hat self vergessen`,
    hint: `Eine Funktion einer Klasse fängt mit self an: def ${name}(self):`,
  }),
  unpack: {
    title: 'Es sind nicht gleich viele Namen und Werte',
    hint: 'Links vom = muss für jeden Wert rechts ein Name stehen.',
  },
  hidesModule: (name) => ({
    title: `Deine Datei ${name}.py verdeckt Pythons eigenes „${name}“`,
    hint: `Gib deiner Datei einen anderen Namen, zum Beispiel my_${name}.py.`,
  }),
  eventOfOtherKind: (name, type) => ({
    title: `Diese Art von Ereignis hat kein „${name}“`,
    hint: `Frag erst, was passiert ist: if event.type == pygame.${type ?? 'KEYDOWN'}:`,
  }),
  notHere: (name) => ({
    title: `„${name}“ geht hier nicht`,
    hint: 'Es würde ein eigenes Fenster öffnen. Zeichne mit pygame: pygame.draw.circle(…), pygame.display.flip().',
  }),
  wrongArguments: (name) => ({
    title: `„${name}“ wurde mit der falschen Zahl von Werten aufgerufen`,
    hint: 'Vergleiche die Klammern hier mit den Klammern hinter def.',
  }),
  notCallable: (kind) => ({
    title: `${kind} kann man nicht wie eine Funktion aufrufen`,
    hint: 'Ist ein Paar runde Klammern zu viel, oder heißt eine Variable wie eine Funktion?',
  }),
  noneUsed: { title: 'Hier ist nichts (None)', hint: 'Eine Funktion ohne „return“ gibt None zurück. Wolltest du ihr Ergebnis?' },
  type: {
    title: 'Diese zwei Arten von Dingen passen nicht zusammen',
    hint: 'Schau dir jeden Teil dieser Zeile an: Ist es eine Zahl, ein Text, eine Liste?',
  },
  noAttribute: (owner, name) => ({ title: `${owner} hat kein „${name}“`, hint: 'Ist es richtig geschrieben? Groß und klein zählt.' }),
  noneAttribute: (name) => ({
    title: `Hier ist nichts (None), das „${name}“ haben könnte`,
    hint: 'Die Variable vor dem Punkt wurde nie gefüllt, oder eine Funktion hat nichts zurückgegeben.',
  }),
  zeroDivision: { title: 'Durch null kann man nicht teilen', hint: 'Prüfe die Zahl hinter / oder %, bevor du teilst.' },
  index: { title: 'So lang ist die Liste nicht', hint: 'Eine Liste mit 3 Dingen hat die Plätze 0, 1 und 2.' },
  key: (key) => ({
    title: `In diesem Dictionary gibt es kein ${key}`,
    hint: 'Prüfe, wie es geschrieben ist, oder frag vorher: if key in dictionary.',
  }),
  value: {
    title: 'Dieser Wert geht hier nicht',
    hint: 'Die Art stimmt, aber nicht, was darin steht. Pythons eigene Worte sagen mehr.',
  },
  noModule: (name, libraries) => ({
    title: `Es gibt kein Modul namens „${name}“`,
    hint: `Du kannst ${libraries}, alles, was zu Python gehört, und deine eigenen .py-Dateien benutzen.`,
  }),
  importName: { title: 'Diesen Namen gibt es dort nicht', hint: 'Prüfe, was hinter import steht.' },
  noFile: (name) => ({
    title: `Es gibt keine Datei namens „${name}“`,
    hint: 'Steht sie in der Liste der Dateien, mit genau diesem Namen? Zieh sie auf die Seite, um sie hinzuzufügen.',
  }),
  noFileAnonymous: {
    title: 'Eine Datei fehlt',
    hint: 'Steht sie in der Liste der Dateien, mit genau diesem Namen? Zieh sie auf die Seite, um sie hinzuzufügen.',
  },
  recursion: { title: 'Eine Funktion ruft sich immer wieder selbst auf', hint: 'Sie braucht ein if, das sie aufhören lässt.' },
  memory: { title: 'Der Speicher ist voll', hint: 'Wächst eine Liste immer weiter? Ist ein Bild sehr groß?' },
  notInitialised: { title: 'pygame ist noch nicht gestartet', hint: 'Ruf weit oben in deiner Datei pygame.init() auf.' },
  noVideo: { title: 'Es gibt noch kein Fenster', hint: 'Ruf pygame.display.set_mode((640, 480)) auf, bevor du zeichnest.' },
  colour: {
    title: 'Das ist keine Farbe',
    hint: 'Eine Farbe sind drei Zahlen von 0 bis 255, wie in (255, 200, 0), oder ein Name wie "red".',
  },
  pygame: { title: 'pygame konnte das nicht', hint: 'Seine eigenen Worte stehen unten.' },
  assertion: { title: 'Eine Prüfung in deinem Code sagt nein', hint: 'Die Bedingung hinter assert war nicht wahr.' },
  eof: { title: 'Die Frage bekam keine Antwort', hint: 'input() hat auf eine Zeile gewartet, aber es kam keine.' },
  other: (type) => ({ title: `Python hat hier aufgehört: ${type}`, hint: 'Seine eigenen Worte stehen unten.' }),
  quoted: (name) => `„${name}“`,
  kinds: {
    int: 'eine Zahl',
    float: 'eine Zahl',
    str: 'ein Text',
    list: 'eine Liste',
    tuple: 'ein Tupel',
    dict: 'ein Dictionary',
    bool: 'True oder False',
    NoneType: 'nichts (None)',
    function: 'eine Funktion',
    module: 'ein Modul',
    Surface: 'ein Bild',
    Rect: 'ein Rechteck',
    set: 'eine Menge',
    range: 'eine Zahlenreihe',
  },
};
