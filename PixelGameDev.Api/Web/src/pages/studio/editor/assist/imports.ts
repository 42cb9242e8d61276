import type { SyntaxNode } from '@lezer/common';
import { bind, type Code, children, textOf } from './code';

/** Reads what an import makes known. Samples: `import pygame as pg, os.path`, `from things import Ship as S, Rock`. */
export function readImport(code: Code, node: SyntaxNode): void {
  const parts = children(node).filter(({ name }) => name !== 'Comment');
  const fromModule = parts[0]?.name === 'from';
  let at = 1;
  const dotted = (): string => {
    let name = '';
    while (at < parts.length && (parts[at]!.name === 'VariableName' || /^\.+$/.test(textOf(code, parts[at]!)))) {
      if (parts[at]!.name === 'VariableName' && name !== '' && !name.endsWith('.')) break;
      name += textOf(code, parts[at++]!);
    }
    return name;
  };
  const alias = (): SyntaxNode | undefined => {
    if (parts[at]?.name !== 'as') return undefined;
    at += 2;
    return parts[at - 1];
  };
  if (!fromModule) {
    while (at < parts.length) {
      const module = dotted();
      const other = alias();
      if (module !== '') {
        const name = other === undefined ? module.split('.')[0]! : textOf(code, other);
        bind(code, name, { node, how: 'unknown' });
        code.modules.set(name, other === undefined ? name : module);
        module.split('.').forEach((_, i, parts) => code.dotted.add(parts.slice(0, i + 1).join('.')));
      }
      at += 1;
    }
    return;
  }
  const module = dotted();
  for (at += 1; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.name === '*' || textOf(code, part) === '*') code.stars.push(module);
    if (part.name !== 'VariableName') continue;
    const name = textOf(code, part);
    at += 1;
    const other = alias();
    at -= 1;
    const local = other === undefined ? name : textOf(code, other);
    bind(code, local, { node, how: 'unknown' });
    code.imported.set(local, { module, name });
  }
}
