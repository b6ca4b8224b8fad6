import { Picture } from './data';
import { pictureDot } from './dot';
import { pictureHtml } from './html';
import { pictureMermaid } from './mermaid';
import { pictureJson } from './picture';

/** What a report can be written as. */
export type PictureFormat = 'html' | 'json' | 'mermaid' | 'dot';

const DRAW: { readonly [format in PictureFormat]: (picture: Picture) => string } = {
  html: pictureHtml, json: pictureJson, mermaid: pictureMermaid, dot: pictureDot,
};

const ENDINGS: { readonly [ending: string]: PictureFormat } = {
  '.html': 'html', '.htm': 'html', '.json': 'json', '.mmd': 'mermaid', '.mermaid': 'mermaid', '.dot': 'dot', '.gv': 'dot',
};

/** The endings of file names that name a format. */
export const PICTURE_ENDINGS: readonly string[] = Object.keys(ENDINGS);

/** A report as text. */
export function drawPicture(picture: Picture, format: PictureFormat): string {
  return DRAW[format](picture);
}

/** The format that the name of a file asks for. */
export function formatOfFile(name: string): PictureFormat | undefined {
  const ending = Object.keys(ENDINGS).find(one => name.toLowerCase().endsWith(one));
  return ending === undefined ? undefined : ENDINGS[ending];
}
