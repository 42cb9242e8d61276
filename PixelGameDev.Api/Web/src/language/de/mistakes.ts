import type { ErrorWords } from '../errorWords';

export const mistakes: ErrorWords['mistakes'] = {
  invisibleSign: (code) => ({
    title: `In dieser Zeile steckt ein unsichtbares Zeichen (${code})`,
    hint: 'Es kam mit kopiertem Text. Lösch die Leerzeichen dieser Zeile und tipp sie neu.',
  }),
  wrongBracket: (open, close) => ({
    title: `„${open}“ lässt sich nicht mit „${close}“ schließen`,
    hint: 'Jede Klammer braucht ihre eigene Partnerin: ( ), [ ], { }.',
  }),
  lonelyElse: (word) => ({
    title: `Zu diesem „${word}“ fehlt das „if“`,
    hint: 'Das if muss darüber stehen, genauso weit links, und dazwischen nur Zeilen dieses if.',
  }),
  wordTypo: (wrong, right) => ({ title: `Python kennt das Wort „${wrong}“ nicht`, hint: `Meinst du „${right}“?` }),
  rangeBrackets: (value) => ({ title: 'range braucht runde Klammern', hint: `Schreib range(${value}).` }),
  defBrackets: (name) => ({ title: `„def ${name}“ braucht runde Klammern`, hint: `Schreib def ${name}():` }),
  valueOnLeft: (name) => ({
    title: 'Der Name steht links vom =',
    hint: `Schreib ${name} = 5, nicht 5 = ${name}. Zum Vergleichen schreib ==.`,
  }),
  leadingZero: {
    title: 'Eine Zahl kann nicht mit einer Null anfangen',
    hint: 'Schreib 7, nicht 007. Um die Nullen zu zeigen, nimm einen Text: "007".',
  },
  pathBackslash: {
    title: 'Ein \\ in einem Text beginnt ein besonderes Zeichen',
    hint: 'Schreib / zwischen Ordnern: "images/hero.png". Ein Spiel sieht nur die Dateien seines Projekts.',
  },
  namedBeforeValue: {
    title: 'Werte mit Namen kommen zuletzt',
    hint: 'Setz name=wert hinter die anderen Werte, wie in print("a", end="").',
  },
  globalLate: (name) => ({ title: `„global ${name}“ kommt zu spät`, hint: 'Mach es zur ersten Zeile der Funktion.' }),
  fText: {
    title: 'Eine geschweifte Klammer in diesem Text wurde nie geschlossen',
    hint: 'Zwischen { und } steht ein Wert: f"Leben: {lives}".',
  },
  otherLanguage: (sign, word) => ({ title: `Python schreibt „${word}“ statt „${sign}“`, hint: `Schreib das Wort: ${word}.` }),
  notAlone: (value) => ({ title: '„not“ allein vergleicht nicht', hint: `Schreib != ${value}, oder bei einer Liste not in.` }),
  installing: (libraries) => ({
    title: 'Das ist ein Befehl für das Terminal, kein Python',
    hint: `Lösch die Zeile. Das hier ist schon da: ${libraries}.`,
  }),
  colonMissingAfter: (line) => ({ title: 'Ein Doppelpunkt fehlt', hint: `Setz „:“ ans Ende: ${line}:` }),
  indentAfter: (word, line) => ({
    title: `Die Zeile unter „${word}“ muss weiter nach rechts`,
    hint: `Was zu „${word}“ in Zeile ${line} gehört, fängt mit vier Leerzeichen mehr an.`,
  }),

  pygameName: (name) => ({
    title: `Python kennt „${name}“ noch nicht`,
    hint: `Schreib pygame.${name}, oder ganz oben „from pygame.locals import *“.`,
  }),
  selfOutside: {
    title: 'Hier gibt es kein „self“',
    hint: 'self gibt es nur in einer Funktion einer Klasse, die damit anfängt: def update(self):',
  },
  pygameZero: (name) => ({
    title: `„${name}“ gehört zu Pygame Zero`,
    hint: 'Schreib „import pgzrun“ in die erste Zeile deiner Datei und „pgzrun.go()“ in die letzte.',
  }),
  noOwnAttribute: (owner, name) => ({
    title: `„${owner}“ hat kein „${name}“`,
    hint: `Ist es richtig geschrieben? Wurde es in __init__ angelegt, wie in self.${name} = 0?`,
  }),
  noSprite: (name) => ({
    title: `„${name}“ wurde nicht als Sprite vorbereitet`,
    hint: 'Lass sein __init__ mit super().__init__() anfangen.',
  }),
  pictureHasNoPlace: (name) => ({
    title: `Ein Bild hat kein „${name}“`,
    hint: 'Ein Bild weiß nicht, wo es ist. Merk dir die Stelle in einem Rechteck: rect = hero.get_rect().',
  }),

  loopOverNumber: (value) => ({
    title: 'Eine for-Schleife kann nicht durch eine Zahl laufen',
    hint: `Um etwas zu wiederholen, schreib for i in range(${value}):`,
  }),
  bracketsForgotten: (name) => ({ title: `„${name}“ braucht runde Klammern`, hint: `Schreib ${name}().` }),
  noPlaces: (kind) => ({
    title: `${kind} hat keine Plätze für eckige Klammern`,
    hint: 'Nur Listen, Texte und Dictionarys haben welche. Ist es die richtige Variable?',
  }),
  moduleCalled: (name) => ({
    title: `„${name}“ ist ein Modul, keine Funktion`,
    hint: 'Eine Funktion eines Moduls steht hinter einem Punkt, wie in random.randint(1, 6).',
  }),
  didYouMeanToo: (near, hint) => `Meinst du „${near}“? ${hint}`,
  notWholeHere: {
    title: 'Hier braucht Python eine ganze Zahl',
    hint: 'Teilen mit / gibt immer eine Zahl mit Punkt. Nimm //, oder int(…).',
  },
  noLength: (kind) => ({
    title: `${kind} hat keine Länge`,
    hint: 'len() zählt die Dinge in einer Liste oder die Buchstaben eines Textes. Mach aus einer Zahl erst einen Text: len(str(number)).',
  }),
  textStays: { title: 'Die Buchstaben eines Textes lassen sich nicht ändern', hint: 'Mach einen neuen Text: name = "A" + name[1:].' },
  tupleStays: {
    title: 'Was in runden Klammern steht (ein Tupel), lässt sich nicht ändern',
    hint: 'Nimm eine Liste mit eckigen Klammern: place = [1, 2].',
  },
  textTooShort: { title: 'So lang ist der Text nicht', hint: 'Ein Text mit 4 Buchstaben hat die Plätze 0, 1, 2 und 3.' },
  listAsKey: { title: 'Eine Liste kann kein Schlüssel sein', hint: 'Nimm runde Klammern statt eckiger: (1, 2).' },
  notTogether: (left, right, sign) => ({
    title: `${left} und ${right} passen bei „${sign}“ nicht zusammen`,
    hint: 'Ist beides das, was du denkst? Etwas Neues kommt mit things.append(neu) in eine Liste.',
  }),
  textTimesHalf: { title: 'Ein Text lässt sich nur ganze Male wiederholen', hint: 'Mach die Zahl ganz: int(2.5).' },
  classNotThing: (name, method, thing) => ({
    title: `„${name}“ ist die Klasse; mach erst ein Ding daraus`,
    hint: `Schreib ${thing} = ${name}() und dann ${thing}.${method}().`,
  }),
  valueMissing: (name, missing) => ({
    title: `„${name}“ braucht einen Wert für „${missing}“`,
    hint: 'Vergleiche die Klammern hier mit den Klammern hinter def.',
  }),
  valuesCount: (name, takes, given) => ({
    title: `„${name}“ wurde mit der falschen Zahl von Werten aufgerufen`,
    hint: `Erwartet: ${takes}, hier: ${given}. Vergleiche die Klammern hier mit den Klammern hinter def.`,
  }),
  unknownKeyword: (name, keyword) => ({
    title: `„${name}“ hat keinen Wert namens „${keyword}“`,
    hint: 'Vergleiche ihn mit den Namen in den Klammern hinter def.',
  }),

  notInList: { title: 'Das ist nicht in der Liste', hint: 'Frag vorher: if enemy in enemies:' },
  choiceOfNothing: { title: 'random.choice() bekam eine leere Liste', hint: 'Leg erst etwas hinein, oder frag: if things:' },
  emptyList: { title: 'Die Liste ist leer', hint: 'Frag vorher: if things:' },
  notInText: { title: 'Das kommt in dem Text nicht vor', hint: 'Frag vorher: if "x" in text:' },
  notComputable: {
    title: 'Für diese Zahl gibt es kein Ergebnis',
    hint: 'Eine negative Zahl hat zum Beispiel keine Wurzel. Prüfe den Wert vorher.',
  },
  dictionaryChanged: {
    title: 'Das Dictionary hat sich geändert, während eine Schleife hindurchlief',
    hint: 'Lass die Schleife durch eine Kopie laufen: for key in list(things):',
  },
  raisedHere: (text) => ({
    title: `Dein eigener Code sagt: ${text}`,
    hint: 'Die Zeile mit „raise“ hat das Spiel mit diesen Worten beendet.',
  }),

  renderText: { title: 'font.render() nimmt einen Text', hint: 'Mach aus der Zahl einen Text: font.render(str(score), True, "white").' },
  renderValues: {
    title: 'font.render() braucht drei Werte',
    hint: 'Den Text, True für glatte Buchstaben und die Farbe: font.render("hi", True, "white").',
  },
  pairNeeded: (name) => ({
    title: `„${name}“ sind zwei Zahlen in eigenen Klammern`,
    hint: 'Zum Beispiel: pygame.draw.circle(screen, "red", (100, 50), 20).',
  }),
  drawValueMissing: (name) => ({
    title: `Der Wert für „${name}“ fehlt`,
    hint: 'Zum Beispiel: pygame.draw.circle(screen, "red", (100, 50), 20).',
  }),
  rectangle: {
    title: 'Das ist kein Rechteck',
    hint: 'Ein Rechteck sind vier Zahlen: links, oben, Breite und Höhe, wie in pygame.Rect(10, 20, 50, 30).',
  },
  windowClosed: {
    title: 'Das Fenster ist schon geschlossen',
    hint: 'Nach pygame.quit() lässt sich nichts mehr zeichnen. Verlass erst die Schleife und ruf pygame.quit() ganz am Ende auf.',
  },

  fileCapitals: (name, near) => ({
    title: `Es gibt keine Datei namens „${name}“`,
    hint: `Aber es gibt „${near}“. Groß und klein zählt: Schreib „${near}“.`,
  }),
  fileBackslash: (name, near) => ({
    title: `Es gibt keine Datei namens „${name}“`,
    hint: `Aber es gibt „${near}“. Schreib / zwischen Ordner und Datei, nicht \\.`,
  }),
  fileElsewhere: (name, near) => ({
    title: `Hier gibt es keine Datei namens „${name}“`,
    hint: `Aber es gibt „${near}“. Schreib den Ordner dazu.`,
  }),
  fileNear: (name, near) => ({ title: `Es gibt keine Datei namens „${name}“`, hint: `Meinst du „${near}“?` }),
  fileNotYet: (name) => ({
    title: `Es gibt keine Datei namens „${name}“`,
    hint: `Schreibt dein Spiel sie selbst? Dann ist sie beim ersten Start noch nicht da: Lies sie nur, wenn os.path.exists("${name}"). Sonst füge sie zur Dateiliste hinzu.`,
  }),
  folderMissing: (name, folder) => ({
    title: `„${name}“ kann nicht geschrieben werden: Es gibt keinen Ordner „${folder}“`,
    hint: `Mach zuerst den Ordner: import os, und dann os.makedirs("${folder}", exist_ok=True).`,
  }),
  fileOfComputer: (name) => ({
    title: `„${name}“ ist ein Ort auf einem Computer`,
    hint: 'Ein Spiel sieht nur die Dateien seines Projekts. Zieh die Datei auf die Seite und schreib nur ihren Namen.',
  }),
  notPicture: (name) => ({
    title: `„${name}“ ist kein Bild, das pygame lesen kann`,
    hint: 'Öffne es in einem Malprogramm und speichere es als PNG. Ein anderer Name allein ändert den Inhalt nicht.',
  }),
  notSound: (name) => ({
    title: `„${name}“ ist kein Ton, den pygame lesen kann`,
    hint: 'Speichere ihn als OGG oder WAV. Ein anderer Name allein ändert den Inhalt nicht.',
  }),
  otherEncoding: {
    title: 'Die Buchstaben dieser Textdatei sind anders gespeichert',
    hint: 'Sag beim Öffnen, wie: open("level.txt", encoding="utf-8").',
  },
  notJson: (place) => ({
    title: 'Dieser Text ist kein gültiges JSON',
    hint: `JSON will doppelte Anführungszeichen um Namen und Texte, und kein Komma hinter dem letzten Wert. Schau hier: ${place}.`,
  }),

  importCircle: (name) => ({
    title: `Zwei Dateien importieren sich gegenseitig: „${name}“ ist noch nicht fertig`,
    hint: 'Leg, was beide brauchen, in eine dritte Datei und importiere die.',
  }),
  no3d: (name) => ({
    title: `„${name}“ geht hier nicht`,
    hint: 'Es braucht eine Grafikkarte, und die haben Spiele hier nicht. Zeichne mit pygame.',
  }),
  pureModule: (name) => ({
    title: `„${name}“ ist nicht da, aber du kannst es hinzufügen`,
    hint: `Es besteht nur aus Python-Dateien. Leg seinen Ordner „${name}“ in dein Projekt.`,
  }),
};
