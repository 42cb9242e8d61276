import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

/** The names that a beginner's game uses most, by module. */
const members: Readonly<Record<string, string>> = {
  pygame:
    'init quit display event key mouse draw image font mixer time sprite transform math Rect Surface Color Vector2 QUIT KEYDOWN KEYUP MOUSEBUTTONDOWN MOUSEBUTTONUP MOUSEMOTION K_UP K_DOWN K_LEFT K_RIGHT K_SPACE K_RETURN K_ESCAPE K_w K_a K_s K_d SRCALPHA USEREVENT',
  'pygame.display': 'set_mode set_caption flip update get_surface set_icon',
  'pygame.event': 'get poll wait post clear Event',
  'pygame.key': 'get_pressed set_repeat get_mods name',
  'pygame.mouse': 'get_pos get_pressed set_visible get_rel',
  'pygame.draw': 'rect circle line lines polygon ellipse arc aaline',
  'pygame.image': 'load save',
  'pygame.font': 'Font SysFont init',
  'pygame.mixer': 'Sound music init stop',
  'pygame.mixer.music': 'load play stop pause unpause set_volume',
  'pygame.time': 'Clock get_ticks wait delay set_timer',
  'pygame.sprite': 'Sprite Group spritecollide collide_rect groupcollide GroupSingle',
  'pygame.transform': 'scale rotate flip smoothscale rotozoom',
  'pygame.math': 'Vector2 Vector3 clamp lerp',
  random: 'randint choice random shuffle uniform randrange sample',
  math: 'sin cos tan atan2 sqrt pi floor ceil hypot radians degrees',
};

const options: Readonly<Record<string, Completion[]>> = Object.fromEntries(
  Object.entries(members).map(([module, names]) => [module, names.split(' ').map((label) => ({ label, detail: module }))]),
);

export function pygameCompletions(context: CompletionContext): CompletionResult | null {
  const match = context.matchBefore(/(?:pygame(?:\.\w+)*|random|math)\.\w*$/);
  if (match === null) return null;
  const dot = match.text.lastIndexOf('.');
  const found = options[match.text.slice(0, dot)];
  return found === undefined ? null : { from: match.from + dot + 1, options: found, validFor: /^\w*$/ };
}
