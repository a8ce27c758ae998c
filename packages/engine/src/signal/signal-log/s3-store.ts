import type {S3Client} from '@aws-sdk/client-s3';
import type {ObjectStore} from './object-store.ts';

export interface S3Place {
  readonly bucket: string;
  /** another endpoint than the provider's own, for S3-compatible stores; null: the client's default */
  readonly endpoint: string | null;
  readonly region: string;
  /** null: from where the client usually finds them (environment, profile, machine) */
  readonly credentials: {readonly accessKeyId: string; readonly secretAccessKey: string} | null;
}

const TAKEN = [409, 412];
const statusOf = (error: unknown): number => (error as {$metadata?: {httpStatusCode?: number}}).$metadata?.httpStatusCode ?? 0;

/**
 * Any S3-compatible store through its ordinary client. Every write is conditional (`If-None-Match: *`): the store itself refuses to write over
 * what is there, whatever happens here.
 */
export const s3Store = async (place: S3Place): Promise<ObjectStore> => {
  const {GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client: Client} = await import('@aws-sdk/client-s3');
  const client: S3Client = new Client({
    region: place.region, maxAttempts: 4, ...(place.endpoint === null ? {} : {endpoint: place.endpoint, forcePathStyle: true}),
    ...(place.credentials === null ? {} : {credentials: place.credentials}),
  });
  const {bucket: Bucket} = place;
  return {
    async putNew(Key, Body) {
      try {
        await client.send(new PutObjectCommand({Bucket, Key, Body, IfNoneMatch: '*', ContentType: 'application/octet-stream'}));
        return true;
      } catch (error) {
        if (TAKEN.includes(statusOf(error))) return false;
        throw error;
      }
    },
    async get(Key) {
      try {
        const {Body} = await client.send(new GetObjectCommand({Bucket, Key}));
        return await Body?.transformToByteArray() ?? new Uint8Array(0);
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    async list(Prefix) {
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({Bucket, Prefix, ...(ContinuationToken === undefined ? {} : {ContinuationToken})}));
        names.push(...(page.Contents ?? []).flatMap(({Key}) => (Key === undefined ? [] : [Key])));
        ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (ContinuationToken !== undefined);
      return names.sort();
    },
    close: () => { client.destroy(); },
  };
};
