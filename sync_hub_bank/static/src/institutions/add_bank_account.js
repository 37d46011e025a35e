/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "sync.bank.institution";
const PAGE = 24;
// Milliseconds: a pause in typing, and how often it is looked whether a list has come in the background.
const PAUSE = 150;
const LOOK = 3000;

/**
 * Choose a bank among those that any service of the company reaches, while typing. Banks come from the database; only a
 * country in which nobody has looked before is asked of the services while the user waits, each service by itself.
 */
export class AddBankAccount extends Component {
    static template = "sync_hub_bank.AddBankAccount";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.lastSearch = new KeepLast();
        this.display = { controlPanel: {} };
        const { company_id, journal_id } = this.props.action.params || {};
        this.companyId = company_id || user.activeCompany.id;
        this.journalId = journal_id || false;
        this.countries = [];
        this.state = useState({
            hasService: true,
            words: "",
            countryId: false,
            psuType: "business",
            limit: PAGE,
            found: null,
            lists: [],
            asking: [],
            connecting: false,
        });
        this.search = useDebounced(() => this.find(), PAUSE);
        useAutofocus({ refName: "words" });
        onWillStart(() => this.open());
        onWillDestroy(() => clearTimeout(this.timer));
    }

    async open() {
        const page = await this.orm.call(MODEL, "open_page", [this.companyId]);
        this.countries = page.countries;
        this.state.hasService = page.has_service;
        this.state.countryId = page.country_id;
        if (page.has_service) {
            await this.find();
            // The page does not wait for the services.
            this.loadLists();
        }
    }

    // Looking for a bank

    async find() {
        const { words, countryId, psuType, limit } = this.state;
        const answer = this.orm.silent.call(MODEL, "find_banks", [this.companyId, words, countryId, psuType, limit]);
        this.state.found = await this.lastSearch.add(answer);
    }

    /** The logo cannot be fetched from where the service says that it is. */
    forgetLogo(bank) {
        bank.logo_url = "";
    }

    onInput(event) {
        this.state.words = event.target.value;
        this.state.limit = PAGE;
        this.search();
    }

    onCountry(event) {
        this.chooseCountry(Number(event.target.value) || false);
    }

    chooseCountry(countryId) {
        Object.assign(this.state, { countryId, limit: PAGE, lists: [], asking: [] });
        this.find();
        this.loadLists();
    }

    chooseType(psuType) {
        Object.assign(this.state, { psuType, limit: PAGE });
        this.find();
    }

    get otherType() {
        return this.state.psuType === "business" ? "personal" : "business";
    }

    showMore() {
        this.state.limit += 2 * PAGE;
        this.find();
    }

    // Lists of the services

    /** Have the lists loaded that nobody has asked for yet. */
    async loadLists() {
        clearTimeout(this.timer);
        const { countryId } = this.state;
        await this.lookAtLists();
        const missing = this.state.lists.filter((list) => list.state === "missing");
        await Promise.all(missing.map((list) => this.load(list.id, countryId)));
    }

    async load(serviceId, countryId = this.state.countryId) {
        this.state.asking = [...this.state.asking, serviceId];
        try {
            await this.orm.silent.call(MODEL, "load_list", [serviceId, countryId]);
        } finally {
            // Another country may have been chosen meanwhile.
            if (countryId === this.state.countryId) {
                this.state.asking = this.state.asking.filter((id) => id !== serviceId);
                await Promise.all([this.find(), this.lookAtLists()]);
            }
        }
    }

    /** See how the lists stand, again and again as long as one is awaited from the background. */
    async lookAtLists() {
        const { countryId } = this.state;
        const before = this.waiting.length;
        const lists = await this.orm.silent.call(MODEL, "list_states", [this.companyId, countryId]);
        if (countryId !== this.state.countryId) {
            return;
        }
        this.state.lists = lists;
        clearTimeout(this.timer);
        if (this.waiting.length) {
            this.timer = setTimeout(() => this.lookAtLists(), LOOK);
        }
        if (this.waiting.length < before) {
            await this.find();
        }
    }

    get waiting() {
        return this.state.lists.filter((list) => list.state === "waiting");
    }

    /** The services that are asked, while the user may already look at what the others have. */
    get asked() {
        const { asking, lists } = this.state;
        return lists.filter((list) => asking.includes(list.id) || list.state === "waiting").map((list) => list.service);
    }

    get failed() {
        return this.state.lists.filter((list) => list.message && !this.state.asking.includes(list.id));
    }

    // What is known of a way to a bank

    facts(way) {
        const facts = [];
        if (way.consent_days) {
            facts.push(_t("consent for %s days", way.consent_days));
        }
        if (way.history_days >= 60) {
            facts.push(_t("up to %s months of history", Math.round(way.history_days / 30.4)));
        } else if (way.history_days) {
            facts.push(_t("up to %s days of history", way.history_days));
        }
        return facts.join(" · ");
    }

    // Going on

    async connect(way) {
        this.state.connecting = way.id;
        try {
            const context = { sync_psu_type: this.state.psuType, sync_journal_id: this.journalId };
            const action = await this.orm.call(MODEL, "action_connect", [[way.id]], { context });
            if (action) {
                await this.action.doAction(action);
            }
        } finally {
            this.state.connecting = false;
        }
    }

    async notListed() {
        const given = [this.companyId, this.journalId, this.state.words];
        await this.action.doAction(await this.orm.call("account.journal", "action_bank_not_listed", given));
    }

    enterKeys() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Bank Connection Service"),
            res_model: "sync.bank.provider",
            views: [[false, "form"]],
            context: { default_company_id: this.companyId },
        });
    }
}

registry.category("actions").add("sync_hub_bank.add_bank_account", AddBankAccount);
