/** AWS CloudTrail: the event history, and trails. Source: AWS CloudTrail API Reference, version 2013-11-01. */
import type { Call, CloudTrailInternal, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import { eventsOf } from "./event";
import { createEventLog } from "./log";
import { lookupEvents } from "./lookup";
import {
  addTags,
  getEventSelectors,
  getInsightSelectors,
  listTags,
  putEventSelectors,
  removeTags,
} from "./selectors";
import { isLogged } from "./state";
import {
  createTrail,
  deleteTrail,
  describeTrails,
  getTrail,
  getTrailStatus,
  listTrails,
  startLogging,
  stopLogging,
  updateTrail,
} from "./trails";
import { receiveRecord } from "../events/receive";

type Operation = (
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  GetTrail: getTrail,
  DescribeTrails: describeTrails,
  ListTrails: listTrails,
  GetTrailStatus: getTrailStatus,
  StartLogging: startLogging,
  StopLogging: stopLogging,
  PutEventSelectors: putEventSelectors,
  GetEventSelectors: getEventSelectors,
  GetInsightSelectors: getInsightSelectors,
  AddTags: addTags,
  RemoveTags: removeTags,
  ListTags: listTags,
};

export function createCloudtrail(world: World): Service & CloudTrailInternal {
  const log = createEventLog(world);
  return {
    async handle(call, request) {
      const name = targetOperation(request);
      const input = parseJson(request);
      if (name === "LookupEvents") return jsonResponse(await lookupEvents(world, call, input, log));
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw notImplemented("cloudtrail", name);
      return jsonResponse(operation(world, call, input));
    },
    record(answered) {
      try {
        const events = eventsOf(answered, world.now());
        log.add(events);
        const delivered = events.filter((event) => isLogged(world, event));
        // Rules and their targets come later: nobody waits for them.
        if (delivered.length > 0)
          world.later(0, () => {
            for (const event of delivered) receiveRecord(world, event);
          });
      } catch (error) {
        console.error(`sandbox: request ${answered.call.requestId} was not recorded:`, error);
      }
    },
    end: () => log.flush(),
  };
}
