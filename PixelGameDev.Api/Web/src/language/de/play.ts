import type { Strings } from '../strings';

export const play: Pick<Strings, 'stage' | 'hud' | 'sandbox' | 'console' | 'ends' | 'runningElsewhere'> = {
  stage: {
    heading: 'Spielen',
    canvas: 'Dein Spiel. Klick darauf, um mit der Tastatur zu spielen. Drücke zweimal Escape, um es zu verlassen.',
    idleTitle: 'Bereit zum Spielen?',
    idleText: 'Drücke Start, und dein Spiel läuft hier.',
    starting: 'Startet…',
    waitingFor: {
      save: 'Dein Code wird gespeichert…',
      session: 'Eine sichere Box für dein Spiel wird geholt…',
      stream: 'Das Bild wird geöffnet…',
      frame: 'Warten, bis dein Spiel etwas zeichnet…',
    },
    waitingNext: 'Gerade starten viele Spiele. Deins ist als Nächstes dran…',
    waitingTurn: (before) => `Gerade starten viele Spiele. Vor deinem ${before === 1 ? 'startet noch eins' : `starten noch ${before}`}…`,
    noFrameHint: 'Immer noch nichts zu sehen. Ruft dein Spiel pygame.display.flip() auf?',
    lost: 'Die Verbindung ist weg. Neuer Versuch…',
    refused: {
      too_many_viewers: 'Dieses Spiel ist schon in vier Fenstern offen. Schließ eins davon, dann geht es hier von selbst weiter.',
      too_many_watchers: 'Es schauen schon sehr viele zu. Sobald Platz ist, geht es hier von selbst weiter.',
      too_many_streams: 'Du hast sehr viele Spiele offen. Schließ ein paar Fenster, dann geht es hier von selbst weiter.',
    },
    clickToPlay: 'Klick auf das Spiel, um die Tastatur zu benutzen',
    keyboardOn: 'Zweimal Esc: Spiel verlassen',
    mouse: { waiting: 'Klicke ins Spiel, um dich mit der Maus umzusehen', locked: 'Drücke Esc, um deine Maus zurückzubekommen' },
    typeText: 'Tastatur',
    clipboard: {
      copied: 'Dein Spiel hat einen Text kopiert. Du kannst ihn überall einfügen.',
      waiting: 'Dein Spiel möchte einen Text kopieren. Klick auf das Spiel, um das zu erlauben.',
      tooLong: 'Dieser Text ist zu lang für ein Spiel: höchstens 16.000 Buchstaben.',
    },
    fullscreen: 'Vollbild (F11)',
    mute: 'Ton aus',
    unmute: 'Ton an',
    hud: 'Wie gut läuft es?',
    again: 'Noch einmal spielen',
    stopOthers: 'Meine anderen Spiele anhalten',
    stoppingOthers: 'Deine anderen Spiele werden angehalten…',
    showError: 'Zeig mir, wo',
    notStarted: 'Dein Spiel konnte nicht gestartet werden.',
    stopFailed: 'Der Server hat nicht gehört, dass dein Spiel anhalten soll. Es endet bald von selbst.',
    pad: { up: 'Hoch', down: 'Runter', left: 'Links', right: 'Rechts' },
    /** Names of keys on the buttons for fingers. */
    keys: { Space: 'Leertaste', ShiftLeft: 'Umsch', ShiftRight: 'Umsch', ControlLeft: 'Strg', ControlRight: 'Strg' },
    controls: {
      title: 'Steuerung mit den Fingern',
      hint: 'Wähle, welche Tasten dein Spiel von den Knöpfen auf dem Handy oder Tablet bekommt.',
      pad: 'Linker Daumen',
      cross: 'Kreuz',
      stick: 'Joystick',
      none: 'Nichts',
      directions: 'Tasten',
      arrows: 'Pfeiltasten',
      buttons: (count: number, most: number) => `Knöpfe für den rechten Daumen (${count} von ${most})`,
      guess: 'Aus meinem Code wählen',
      save: 'Speichern',
    },
  },

  hud: {
    fps: (fps) => `${fps} Bilder/s`,
    fpsOf: (fps, game) => `${fps} von ${game}`,
    still: 'steht still',
    stillOf: (game) => `steht still (${game} gezeichnet)`,
    stillHint: 'Das Bild ändert sich gerade nicht',
    milliseconds: (time) => `${time} ms`,
    fpsHint: 'Gezeigte Bilder in einer Sekunde',
    latencyHint: 'Zeit von deiner Taste bis zum neuen Bild',
    bytes: (kilobytes) => `${kilobytes} kB/s`,
    bytesHint: 'Empfangene Daten in einer Sekunde',
    title: 'Wie gut dein Spiel läuft',
    smooth: 'Die letzten 10 Sekunden',
    keyFrames: 'wie viele',
    keyAge: 'wie alt: niedrig ist schnell',
    stages: 'Ein Bild auf seinem Weg',
    rows: {
      fps: {
        label: 'Gezeigte Bilder',
        hint: 'Bilder, die du in der letzten Sekunde gesehen hast, von denen, die dein Spiel gezeichnet hat. Flüssiger als 60 kann ein Bildschirm nicht sein.',
      },
      age: {
        label: 'Alter, wenn du es siehst',
        hint: 'Zeit von flip() in deinem Spiel bis zum Bild auf deinem Bildschirm. 1000 ms sind eine Sekunde.',
      },
      left: {
        label: 'Ausgelassen',
        hint: 'Bilder der letzten Sekunde, die niemand sehen konnte: Dein Spiel hat schneller gezeichnet, als ein Bildschirm zeigen kann, oder die Leitung war langsam.',
      },
      game: {
        label: 'Dein Code zeichnet',
        hint: 'Zeit, die dein Code für ein Bild braucht. Über 16 ms schafft das Spiel keine 60 Bilder in der Sekunde mehr.',
      },
      encode: { label: 'Einpacken', hint: 'Zeit, um zu finden, was sich im Bild geändert hat, und es klein zu machen.' },
      travel: { label: 'Unterwegs', hint: 'Zeit auf dem Weg vom Server zu dir.' },
      decode: { label: 'Auspacken', hint: 'Zeit, die diese Seite braucht, um das Bild auf deinen Bildschirm zu bringen.' },
      data: { label: 'Daten', hint: 'Was in der letzten Sekunde durch die Leitung kam.' },
    },
    start: (total) => `Gestartet in ${total} ms`,
    startHint: 'Wie lange es von Start bis zum ersten Bild gedauert hat, und wo die Zeit geblieben ist.',
    startParts: {
      asked: (ms) => `Box holen ${ms}`,
      shown: (ms) => `Bild holen ${ms}`,
      game: (ms) => `dein Code bis flip() ${ms}`,
    },
  },

  sandbox: {
    docker: { name: 'Sichere Box: Docker', hint: 'Dein Spiel läuft auf dem Server in einer eigenen, verschlossenen Box.' },
    bubblewrap: {
      name: 'Sichere Box: Bubblewrap',
      hint: 'Dein Spiel läuft auf diesem Computer in einer kleinen, verschlossenen Box. Zum Entwickeln.',
    },
    subprocess: {
      name: 'Keine sichere Box',
      hint: 'Dein Spiel läuft auf diesem Computer ohne verschlossene Box. Nur zum Entwickeln: Starte keinen Code, dem du nicht traust.',
    },
  },

  console: {
    heading: 'Konsole',
    empty: 'Was dein Spiel mit print() schreibt, erscheint hier.',
    clear: 'Leeren',
    send: 'Senden',
    asks: 'Dein Spiel fragt:',
    details: 'So sagt es Python selbst',
    line: (file, line) => `${file}, Zeile ${line}`,
    jump: (file, line) => `Gehe zu ${file}, Zeile ${line}`,
  },

  ends: {
    finished: { title: 'Ende!', text: 'Dein Spiel ist zu Ende.' },
    stopped: { title: 'Angehalten', text: 'Du hast das Spiel angehalten.' },
    crashed: { title: 'Hoppla, ein Fehler!', text: 'Dein Spiel ist wegen eines Fehlers stehen geblieben.' },
    time_limit: {
      title: 'Die Zeit ist um',
      text: 'Dein Spiel lief sehr lange und wurde angehalten. Drücke Start, um weiterzuspielen.',
    },
    memory_limit: {
      title: 'Zu viel Speicher',
      text: 'Dein Spiel hat mehr Speicher gebraucht, als es darf. Wächst eine Liste immer weiter?',
    },
    process_limit: { title: 'Zu viele Programme', text: 'Dein Spiel hat zu viele Programme auf einmal gestartet.' },
    disk_limit: { title: 'Dateien zu groß', text: 'Dein Spiel hat mehr in Dateien geschrieben, als hineinpasst.' },
    output_limit: {
      title: 'Zu viel Text',
      text: 'Dein Spiel hat zu viel geschrieben. Steht ein print() oder input() in einer schnellen Schleife?',
    },
    stream_limit: { title: 'Zu viel Bild', text: 'Dein Spiel hat mehr Bild und Ton geschickt, als durch die Leitung passt.' },
    idle: { title: 'Eingeschlafen', text: 'Niemand hat zugeschaut, darum wurde das Spiel angehalten.' },
    protocol_error: {
      title: 'Etwas ist kaputt',
      text: 'Bei uns ist etwas kaputtgegangen, während dein Spiel lief. Drücke Start, um es noch einmal zu versuchen.',
    },
    sandbox_lost: {
      title: 'Box verloren',
      text: 'Die Box, in der dein Spiel lief, ist weg. Drücke Start, um es noch einmal zu versuchen.',
    },
    shutting_down: { title: 'Kurze Pause', text: 'Der Server macht eine kurze Pause. Versuch es gleich noch einmal.' },
    unknown: { title: 'Das Spiel ist zu Ende', text: 'Drücke Start, um noch einmal zu spielen.' },
    not_started: { title: 'Nicht gestartet', text: 'Dein Spiel konnte nicht gestartet werden. Versuch es gleich noch einmal.' },
    too_many_games: {
      title: 'Du spielst woanders',
      text: 'Spiele von dir laufen in anderen Fenstern oder an einem anderen Computer. Halte sie an, um hier zu spielen.',
    },
    signed_out: { title: 'Abgemeldet', text: 'Du hast dich in einem anderen Fenster abgemeldet. Lade diese Seite neu, um weiterzumachen.' },
  },

  runningElsewhere: {
    quoted: (name) => `„${name}“`,
    one: (name) => `${name} läuft in einem anderen Fenster oder an einem anderen Computer. Halte es an, um hier zu spielen.`,
    several: (first, last) =>
      `${first} und ${last} laufen in anderen Fenstern oder an einem anderen Computer. Halte sie an, um hier zu spielen.`,
  },
};
