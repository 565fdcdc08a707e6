import type { Counter, Gauge, Metrics } from "../../core/metrics.ts";

/** What the broker counts. */
export interface BrokerMetrics {
  readonly resends: Counter;
  /** By `reason`. */
  readonly connectionsRefused: Counter;
  /** By `reason`. */
  readonly publishesRefused: Counter;
  readonly publishesCut: Counter;
  readonly subscriptionsRefused: Counter;
  readonly retainedRefused: Counter;
  readonly queueDropped: Counter;
  readonly sessionsGivenUp: Counter;
  readonly subscribersClosed: Counter;
  readonly clients: Gauge;
  readonly heldClients: Gauge;
  readonly inFlightBytes: Gauge;
  readonly unsentBytes: Gauge;
}

export function createBrokerMetrics(metrics: Metrics): BrokerMetrics {
  return {
    resends: metrics.counter(
      "gateway_sources_resends_total",
      "QoS 2 messages that came again while they were open, and were not stored again.",
    ),
    connectionsRefused: metrics.counter(
      "gateway_sources_connections_refused_total",
      "Connections closed by the broker for a reason: limits, malformed packets, credentials.",
    ),
    publishesRefused: metrics.counter(
      "gateway_sources_publishes_refused_total",
      "Messages that the broker did not take; a client of MQTT 3.1.1 is disconnected, one of MQTT 5 told.",
    ),
    publishesCut: metrics.counter(
      "gateway_sources_publishes_cut_total",
      "Messages larger than max_packet, of which the beginning was kept in a rejection.",
    ),
    subscriptionsRefused: metrics.counter(
      "gateway_sources_subscriptions_refused_total",
      "Topic filters refused in the SUBACK.",
    ),
    retainedRefused: metrics.counter(
      "gateway_sources_retained_refused_total",
      "Messages that were delivered but not retained, since the broker keeps enough already.",
    ),
    queueDropped: metrics.counter(
      "gateway_sources_queue_dropped_total",
      "Messages not delivered to a subscriber that is away or does not keep up; the events are safe.",
    ),
    sessionsGivenUp: metrics.counter(
      "gateway_sources_sessions_given_up_total",
      "Sessions of absent clients that were given up for new ones.",
    ),
    subscribersClosed: metrics.counter(
      "gateway_sources_subscribers_closed_total",
      "Subscribers closed since they did not keep up.",
    ),
    clients: metrics.gauge("gateway_sources_clients", "Clients that are connected."),
    heldClients: metrics.gauge(
      "gateway_sources_held_clients",
      "Clients held back, since too much waits for the disk.",
    ),
    inFlightBytes: metrics.gauge(
      "gateway_sources_in_flight_bytes",
      "What waits for the disk, with a fixed amount per message.",
    ),
    unsentBytes: metrics.gauge(
      "gateway_sources_unsent_bytes",
      "What clients were sent and have not taken.",
    ),
  };
}
