import { ApiObject, ApiObjectProps, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOf } from './metadata';

/**
 * Writes an object of a kind that is in no namespace. cdk8s gives every object
 * the namespace of its chart, which is taken away again.
 */
export function writeClusterObject(scope: Construct, id: string, props: ApiObjectProps): ApiObject {
  const object = new ApiObject(scope, id, props);
  if (chartOf(scope).namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}
