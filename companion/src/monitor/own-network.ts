import { offlineNotice, ownNetwork, type AnchorReading } from './canary.ts';
import type { EngineClock, EngineLog } from './ports.ts';

/** While we are offline, anchors are asked so often whether we are back. */
const BACK_EVERY_MS = 5000;

export type OwnNetworkOptions = {
	/** Such as `1.1.1.1:443`; without any, every failure is believed. */
	anchors: readonly string[];
	/** Whether an anchor answers; it gives up by itself after a second or two. */
	ask: ( anchor: string ) => Promise< boolean >;
	clock: EngineClock;
	log: EngineLog;
};

/** Whether our own network is there. Anchors are asked only when a target failed, and all who want to know at once share the answers. */
export class OwnNetwork {
	readonly #options: OwnNetworkOptions;
	#readings: AnchorReading[] = [];
	#round: Promise< void > | null = null;
	#offline_since_ms: number | null = null;
	#cancel: ( () => void ) | null = null;
	#is_stopped = false;

	constructor( options: OwnNetworkOptions ) {
		this.#options = options;
	}

	/** Since when it is away, by the wall clock; null while it is there. */
	get offline_since_ms(): number | null {
		return this.#offline_since_ms;
	}

	/** Judges a failure whose last try began at `failed_mono_ms`. */
	async judge( failed_mono_ms: number ): Promise< 'online' | 'offline' > {
		const { anchors } = this.#options;
		for (;;) {
			const network = ownNetwork( anchors, this.#readings, failed_mono_ms );
			if ( network !== 'ask' ) {
				return network;
			}
			if ( this.#offline_since_ms !== null || this.#is_stopped ) {
				return this.#is_stopped ? 'online' : 'offline';
			}
			await this.#askOnce();
		}
	}

	/** Asks no more. */
	stop(): void {
		this.#is_stopped = true;
		this.#cancel?.();
		this.#cancel = null;
	}

	#askOnce(): Promise< void > {
		this.#round ??= this.#askAll().finally( () => {
			this.#round = null;
		} );
		return this.#round;
	}

	/** Ends with the first anchor that answers, or when none of them did. */
	async #askAll(): Promise< void > {
		const { anchors, ask, clock } = this.#options;
		const at_mono_ms = clock.mono();
		const readings: AnchorReading[] = [];
		this.#readings = readings;
		const asked = anchors.map( async ( anchor ) => {
			const is_ok = await ask( anchor ).catch( () => false );
			readings.push( { anchor, at_mono_ms, is_ok } );
			if ( ! is_ok ) {
				throw new Error( anchor );
			}
		} );
		await Promise.any( asked ).catch( () => undefined );
		this.#notice( ownNetwork( anchors, readings, at_mono_ms ) );
	}

	#notice( network: 'online' | 'offline' | 'ask' ): void {
		const { clock, log, anchors } = this.#options;
		const { is_offline, notice } = offlineNotice( this.#offline_since_ms !== null, network );
		if ( notice === 'began' ) {
			this.#offline_since_ms = clock.wall();
			log( 'warn', 'own_network_away', { anchors: anchors.length } );
		} else if ( notice === 'ended' ) {
			const seconds = Math.max( 0, Math.round( ( clock.wall() - ( this.#offline_since_ms ?? 0 ) ) / 1000 ) );
			this.#offline_since_ms = null;
			log( 'info', 'own_network_back', { after_seconds: seconds } );
		}
		if ( is_offline && ! this.#is_stopped ) {
			this.#cancel ??= clock.after( BACK_EVERY_MS, () => {
				this.#cancel = null;
				void this.#askOnce();
			} );
		}
	}
}
