/** All properties of a type: its own, and those of regional and of tagged resources. */
import { map, matching, output, text, type Fields } from "./schema";
import type { ResourceType } from "./resourceType";

const REGION: Fields = {
  region: text({
    computed: true,
    replace: true,
    rules: [matching(/^[a-z]{2}(-[a-z]+)+-\d+$/, "the name of an AWS region, such as eu-central-1")],
  }),
};
const TAGS: Fields = { tags: map(), tagsAll: output(map()) };
const known = new Map<ResourceType, Fields>();

export function fieldsOf(type: ResourceType): Fields {
  const found = known.get(type);
  if (found) return found;
  const fields = { ...type.fields, ...(type.global ? {} : REGION), ...(type.tagged ? TAGS : {}) };
  known.set(type, fields);
  return fields;
}
