import {curveKeyPair} from 'zeromq';
import type {CurveKeys} from './curve-certificate.ts';

/** A pair that lives as long as this process: for a client whose server lets any key in. */
export const freshKeys = (): CurveKeys => curveKeyPair();
