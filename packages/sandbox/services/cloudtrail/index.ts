/** AWS CloudTrail: the event history, and trails. Source: AWS CloudTrail API Reference, version 2013-11-01. */
import type { CloudTrailPort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { eventsOf } from "./event";
import { logOf } from "./log";
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

export const cloudtrail = defineService({
  name: "cloudtrail",
  protocol: json("CloudTrail_20131101"),
  operations: {
    LookupEvents: { reads: true, run: lookupEvents },
    CreateTrail: { run: createTrail },
    UpdateTrail: { run: updateTrail },
    DeleteTrail: { run: deleteTrail },
    GetTrail: { run: getTrail },
    DescribeTrails: { run: describeTrails },
    ListTrails: { run: listTrails },
    GetTrailStatus: { run: getTrailStatus },
    StartLogging: { run: startLogging },
    StopLogging: { run: stopLogging },
    PutEventSelectors: { run: putEventSelectors },
    GetEventSelectors: { run: getEventSelectors },
    GetInsightSelectors: { run: getInsightSelectors },
    AddTags: { run: addTags },
    RemoveTags: { run: removeTags },
    ListTags: { run: listTags },
  },
  port: (world): CloudTrailPort => ({
    record(answered) {
      try {
        const events = eventsOf(answered, world.now());
        logOf(world).add(events);
        const delivered = events.filter((event) => isLogged(world, event));
        // Rules and their targets run later: nobody waits for them.
        if (delivered.length > 0)
          world.later(0, () => {
            for (const event of delivered) world.services.events.receive(event);
          });
      } catch (error) {
        console.error(`sandbox: request ${answered.call.requestId} was not recorded:`, error);
      }
    },
  }),
  end: (world) => logOf(world).flush(),
});
