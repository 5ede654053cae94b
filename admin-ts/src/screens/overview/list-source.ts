import { LIST_SOURCES, wordsOf, type ListSource } from '../../../../companion/src/contract/vocabulary.ts';

/** The word of the contract that a text is; undefined when it is none. */
export function listSourceOf( text: string | null ): ListSource | undefined {
	return wordsOf( LIST_SOURCES ).find( ( source ) => source === text );
}
