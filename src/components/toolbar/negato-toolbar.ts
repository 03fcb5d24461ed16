import { msg } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { OpenCompanion } from "../../viewer/viewer-services.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { controlStyles } from "../control-styles.ts";
import { ForwardRequestedEvent } from "../forward/forward-requested-event.ts";
import { HeadBarEvent } from "../head-bar/negato-head-bar.ts";
import type { IconName } from "../icon/icons.generated.ts";
import "../icon/negato-icon.ts";
import { placePopover } from "../popover-placement.ts";
import { popoverStyles } from "../popover-styles.ts";
import { SignalController } from "../signal-controller.ts";
import { forwardTarget } from "./forward-target.ts";
import { keyCap } from "./menu-item.ts";
import { menuKeys } from "./menu-keys.ts";
import { presentationMenu } from "./presentation-menu.ts";
import {
  fittingItems,
  TOOLBAR_ITEMS,
  type ToolbarItem,
  type ToolbarMenu,
} from "./toolbar-items.ts";
import { toolbarStyles } from "./toolbar-styles.ts";
import { itemLabel, shortcutOf, shortLabel } from "./toolbar-words.ts";
import { windowMenu } from "./window-menu.ts";

/** The menu that is open: one of the toolbar's, or the one with what has no room. */
type MenuName = ToolbarMenu | "more";

/**
 * Tools and actions of a viewport, as the ARIA toolbar pattern has it: one stop for Tab, arrow keys inside.
 * What has no room stands in a menu at the end.
 */
@customElement("negato-toolbar")
export class NegatoToolbar extends LitElement {
  static override readonly styles = [controlStyles, popoverStyles, toolbarStyles];

  @property({ attribute: false }) viewport: ViewportController | undefined;
  /** Gives the requests to the companion before the archive; absent where there is none. */
  @property({ attribute: false }) openCompanion: OpenCompanion | undefined;
  @state() private canForward = false;
  @state() private items: readonly ToolbarItem[] = TOOLBAR_ITEMS;
  @state() private openMenu: MenuName | undefined;
  readonly #signals = new SignalController(this);
  readonly #sizes = new ResizeObserver(() => this.#fit());
  #stop = 0;
  #anchor: HTMLElement | undefined;
  #askedFor: OpenCompanion | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override render(): TemplateResult {
    const { viewport } = this;
    if (viewport === undefined) return html``;
    return this.#signals.track(() => this.#draw(viewport));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("openCompanion")) this.#fit();
  }

  #draw(viewport: ViewportController): TemplateResult {
    return html`<div
        class="bar"
        role="toolbar"
        aria-label=${msg("Tools")}
        aria-orientation="horizontal"
        @keydown=${this.#moveByKey}
        @focusin=${this.#focused}
      >
        ${this.items.map((item) => this.#item(item, viewport))}
        ${this.#hasMore() ? this.#moreButton() : nothing}
      </div>
      ${this.openMenu === undefined ? nothing : this.#menu(this.openMenu, viewport)}`;
  }

  #item(item: ToolbarItem, viewport: ViewportController): TemplateResult {
    const label = itemLabel(item);
    const isMenu = item.command.endsWith("-menu");
    const pressed = isPressed(item.command, viewport);
    const key = shortcutOf(item.command);
    return html`${
      item.startsGroup === true ? html`<span class="divider" role="presentation"></span>` : nothing
    }<button
        type="button"
        class="tool"
        tabindex=${this.items.indexOf(item) === this.#stop ? 0 : -1}
        aria-label=${label}
        title=${key === "" ? label : `${label} (${key})`}
        aria-pressed=${pressed === undefined ? nothing : pressed}
        aria-haspopup=${isMenu ? "menu" : nothing}
        ?disabled=${isIdle(item, viewport)}
        @click=${(event: Event) => void this.#run(item.command, event.currentTarget)}
      >
        <negato-icon name=${iconOf(item, viewport)}></negato-icon>
        <span class="label" aria-hidden="true">${shortLabel(item)}</span>
      </button>`;
  }

  #moreButton(): TemplateResult {
    const label = msg("More tools");
    return html`<button
      type="button"
      class="tool more"
      tabindex=${this.#stop === this.items.length ? 0 : -1}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      @click=${(event: Event) => void this.#open("more", event.currentTarget)}
    >
      <negato-icon name="ellipsis"></negato-icon>
      <span class="label" aria-hidden="true">${msg("More")}</span>
    </button>`;
  }

  #menu(id: MenuName, viewport: ViewportController): TemplateResult {
    const close = (): void => this.#close();
    return html`<div
      id="menu"
      popover
      role="menu"
      aria-label=${menuName(id)}
      @keydown=${this.#menuKeys}
      @toggle=${(event: ToggleEvent) => {
        if (event.newState === "closed") this.openMenu = undefined;
      }}
    >
      ${
        id === "window-menu"
          ? windowMenu(viewport, close)
          : id === "presentation-menu"
            ? presentationMenu(viewport, close)
            : html`${this.#rest().map((item) => this.#restItem(item, viewport))}
              ${this.#archiveItems(viewport)}`
      }
    </div>`;
  }

  #hasMore(): boolean {
    return this.openCompanion !== undefined || this.#rest().length > 0;
  }

  /** What can be done with the archive: send what is shown on, and find out what is the matter. */
  #archiveItems(viewport: ViewportController): TemplateResult | typeof nothing {
    if (this.openCompanion === undefined) return nothing;
    const forwarded = this.canForward ? forwardTarget(viewport) : undefined;
    const item = (icon: IconName, name: string, event: Event): TemplateResult => html`<button
      type="button"
      class="menu-item"
      role="menuitem"
      @click=${() => {
        this.#close();
        this.dispatchEvent(event);
      }}
    >
      <negato-icon name=${icon}></negato-icon><span class="name">${name}</span>
    </button>`;
    return html`${
      forwarded === undefined
        ? nothing
        : item("arrow-right", msg("Forward …"), new ForwardRequestedEvent(forwarded))
    }
    ${item("activity", msg("Diagnostics …"), new HeadBarEvent("diagnostics"))}`;
  }

  /** Where nothing can be forwarded to, nothing is offered; it is asked once for a study. */
  async #learnDestinations(): Promise<void> {
    const asked = this.openCompanion;
    if (asked === undefined || this.#askedFor === asked) return;
    this.#askedFor = asked;
    const { canForwardFrom } = await import("../../viewer/companion/forwarding.ts");
    this.canForward = await canForwardFrom(asked);
  }

  /** What has no room in the bar. */
  #rest(): readonly ToolbarItem[] {
    return TOOLBAR_ITEMS.filter((item) => !this.items.includes(item));
  }

  #restItem(item: ToolbarItem, viewport: ViewportController): TemplateResult {
    const pressed = isPressed(item.command, viewport);
    return html`<button
      type="button"
      class="menu-item"
      role=${pressed === undefined ? "menuitem" : "menuitemcheckbox"}
      aria-checked=${pressed ?? nothing}
      ?disabled=${isIdle(item, viewport)}
      @click=${() => {
        this.#close();
        void this.#run(item.command, this.renderRoot.querySelector(".more"));
      }}
    >
      <negato-icon name=${iconOf(item, viewport)}></negato-icon
      ><span class="name">${itemLabel(item)}</span>
      <span class="end">${keyCap(shortcutOf(item.command))}</span>
    </button>`;
  }

  async #run(command: ToolbarItem["command"], anchor: EventTarget | null): Promise<void> {
    if (command === "window-menu" || command === "presentation-menu")
      await this.#open(command, anchor);
    else this.viewport?.run(command);
  }

  async #open(menu: MenuName, anchor: EventTarget | null): Promise<void> {
    if (!(anchor instanceof HTMLElement)) return;
    this.#anchor = anchor;
    if (menu === "more") void this.#learnDestinations().catch(() => undefined);
    this.openMenu = menu;
    await this.updateComplete;
    const popover = this.renderRoot.querySelector<HTMLElement>("#menu");
    if (popover === null || popover.matches(":popover-open")) return;
    popover.showPopover();
    placePopover(popover, anchor);
    const checked = popover.querySelector<HTMLElement>('[aria-checked="true"]');
    (checked ?? popover.querySelector<HTMLElement>(".menu-item:not(:disabled)"))?.focus();
  }

  /** Closes the menu and gives the focus back to its button, which the browser does not do across shadow roots. */
  #close(): void {
    this.renderRoot.querySelector<HTMLElement>("#menu")?.hidePopover();
    this.#anchor?.focus();
  }

  readonly #menuKeys = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else menuKeys(event);
  };

  #fit(): void {
    const width = this.clientWidth - 16;
    const isLabelled = width >= 1180;
    const isPhone = width < 600;
    const itemWidth = isLabelled ? 72 : isPhone ? 62 : 50;
    const room = width / itemWidth;
    this.items = fittingItems(room, this.openCompanion !== undefined);
  }

  readonly #focused = (): void => {
    const tools = this.#tools();
    const at = tools.findIndex((tool) => tool.matches(":focus"));
    if (at < 0 || at === this.#stop) return;
    this.#stop = at;
    this.requestUpdate();
  };

  readonly #moveByKey = (event: KeyboardEvent): void => {
    const tools = this.#tools();
    const at = tools.findIndex((tool) => tool.matches(":focus"));
    const next: Record<string, number> = {
      ArrowRight: (at + 1) % tools.length,
      ArrowLeft: (at - 1 + tools.length) % tools.length,
      Home: 0,
      End: tools.length - 1,
    };
    const target = tools[next[event.key] ?? -1];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    target.focus();
  };

  #tools(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".tool")];
  }
}

function iconOf({ command, icon }: ToolbarItem, viewport: ViewportController): typeof icon {
  return command === "cine-toggle" && viewport.cine.isPlaying.value ? "pause" : icon;
}

/** Whether a button that stays down is down; undefined for those that do not. */
function isPressed(
  command: ToolbarItem["command"],
  viewport: ViewportController,
): boolean | undefined {
  const { state, cine } = viewport;
  switch (command) {
    case "tool-window":
    case "tool-scroll":
    case "tool-pan":
    case "tool-zoom":
      return command === `tool-${state.tool.value}`;
    case "invert":
      return state.isInverted.value;
    case "show-tags":
      return state.panel.value === "tags";
    case "cine-toggle":
      return cine.isPlaying.value;
    default:
      return undefined;
  }
}

/** Whether there is nothing that the item could do for what is shown. */
function isIdle({ command }: ToolbarItem, viewport: ViewportController): boolean {
  return command === "window-menu" && viewport.windowOptions.value.length === 0;
}

function menuName(menu: MenuName): string {
  switch (menu) {
    case "window-menu":
      return msg("Windows");
    case "presentation-menu":
      return msg("Presentation, overlays and key images");
    case "more":
      return msg("More tools");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-toolbar": NegatoToolbar;
  }
}
