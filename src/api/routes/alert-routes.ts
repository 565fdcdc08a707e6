/** Alerts: listed, explained, counted. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import { alertFigures, alertList, alertListName, alertPage } from "../shapes/alert.ts";
import { type AlertQueries, alertInstance } from "./alert-desk.ts";
import { alertWriteRoutes } from "./alert-write-routes.ts";

const hourMs = 3_600_000;
const mostRows = 10_000;
const mostHours = 31 * 24;

export function alertRoutes(desk: AlertQueries): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/alerts",
      summary: "Lists alerts.",
      needs: "viewer",
      params: nothing,
      query: z.strictObject({
        list: alertListName.default("active"),
        site: z.string().optional(),
        device: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(mostRows).default(1_000),
      }),
      body: nothing,
      answer: alertList,
      serve: ({ query }) => desk.list(query),
    }),
    route({
      method: "get",
      path: "/alerts/figures",
      summary: "How much the alerts ask of people.",
      needs: "viewer",
      params: nothing,
      query: z.strictObject({ hours: z.coerce.number().min(1).max(mostHours).default(24) }),
      body: nothing,
      answer: alertFigures,
      serve: ({ query, signal }) => desk.figures(query.hours * hourMs, signal),
    }),
    route({
      method: "get",
      path: "/alerts/{instance}",
      summary: "Everything about one alert.",
      needs: "viewer",
      params: alertInstance,
      query: nothing,
      body: nothing,
      answer: alertPage,
      serve: ({ params, signal }) => desk.page(params.instance, signal),
    }),
    route({
      method: "get",
      path: "/alerts/{instance}/explain",
      summary: "Why an alert is as it is, and what it waits for.",
      needs: "viewer",
      params: alertInstance,
      query: nothing,
      body: nothing,
      answer: z.strictObject({ lines: z.array(z.string()) }),
      serve: async ({ params, signal }) => ({
        lines: [...(await desk.explain(params.instance, signal))],
      }),
    }),
    ...alertWriteRoutes(desk),
  ];
}
