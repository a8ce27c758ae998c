import type {Migration} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import {TopLevelScanner} from './flow/bounded-json/top-level-scanner.ts';
import {PayloadTexts} from './payload-texts.ts';

/**
 * Whether an input is about a key: its partition, its own id or one of its entities has this text. Reads each input by the migration's
 * codec; what it cannot read is about nothing.
 */
export const aboutKey = (migration: Migration, key: string): ((input: FeedInput) => boolean) => {
  const texts = new PayloadTexts(migration.codec);
  const {partition, input} = migration.cause;
  const pointers = [partition, ...(input === null ? [] : [input]), ...migration.entities];
  const scanner = new TopLevelScanner(pointers);
  return (one) => {
    const text = texts.input(one);
    return text !== null && scanner.check(text) && pointers.some((_, index) => scanner.text(index) === key);
  };
};
