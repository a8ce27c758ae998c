import {MODEL_LIMITS} from './forest.ts';
import {oversizedModel} from './model-error.ts';

/** Words of bit sets that one model may still ask for: a few octets name a category of many millions, and every node may do so. */
export class CategoryBudget {
  #left: number = MODEL_LIMITS.categoryWords;

  /**
   * Takes the words for categories below `end`.
   * @returns an empty set, where category c is bit c % 32 of word c / 32
   * @throws TandemError TDM-E442
   */
  take(name: string, end: number): Uint32Array {
    if (end > MODEL_LIMITS.categories) throw oversizedModel(name, `category ${end - 1}`);
    const words = Math.ceil(end / 32);
    this.#left -= words;
    if (this.#left < 0) throw oversizedModel(name, `more than ${MODEL_LIMITS.categoryWords * 32} categories in all nodes`);
    return new Uint32Array(words);
  }
}
