import { expect, it } from 'vitest';
import { readSchemas, typesOf } from '../../scripts/apiTypes';

it('the types are those of the schemas; `npm run api-types` writes them anew', async () => {
  await expect(typesOf(readSchemas())).toMatchFileSnapshot('./schema.ts');
});
