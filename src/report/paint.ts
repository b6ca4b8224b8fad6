/** What a part of a text is, for whoever gives it a colour. */
export type Tone = 'error' | 'warning' | 'info' | 'code' | 'label' | 'good';

/** Gives a text the look of its tone. */
export type Paint = (tone: Tone, text: string) => string;

/** Leaves every text as it is: for files, pipes and tests. */
export const PLAIN: Paint = (_, text) => text;
