//! People of a school's lists among those of the configuration.

use std::collections::BTreeMap;

use super::mistake::PeopleMistake;
use super::read::{DEFAULT_CHANNEL, PeopleBuilder};
use super::{ListedPerson, Recipient, RecipientId, RecipientKind};

/// The kind of channel that the conversations of a list's Zalo column belong to.
const ZALO: &str = "zalo";

impl PeopleBuilder<'_> {
    /// Adds the people of the school's lists, before all others.
    pub(super) fn add_listed(&mut self, people: Vec<ListedPerson>) {
        let zalo = self.channels.iter().find(|channel| channel.kind == Some(ZALO)).map(|channel| channel.name);
        let mail = self.channels.iter().find(|channel| channel.name == DEFAULT_CHANNEL).or(self.channels.first());
        let mail = mail.map_or(DEFAULT_CHANNEL, |channel| channel.name);
        if zalo.is_none()
            && let Some((_, place)) = people.iter().find_map(|person| person.zalo.as_ref())
        {
            self.document.warning_at(place.clone(), PeopleMistake::NoZaloChannel);
        }
        for ListedPerson {
            name,
            has_own_name,
            roles,
            email,
            phone,
            address,
            zalo: conversation,
            place,
            has_bad_email,
        } in people
        {
            let conversation = zalo.zip(conversation);
            // Whoever has both is told by mail first.
            let mut via = Vec::new();
            if email.is_some() || conversation.is_none() {
                via.push(mail.to_owned());
            }
            via.extend(conversation.iter().map(|(channel, _)| (*channel).to_owned()));
            let chats: BTreeMap<String, String> =
                conversation.into_iter().map(|(channel, (id, _))| (channel.to_owned(), id)).collect();
            let kind = RecipientKind::Person;
            let person =
                Recipient { name, kind, roles: roles.clone(), email, phone, address, chats, via, away: Vec::new() };
            let name = person.name.clone();
            if let Some(id) = self.add(person, place) {
                if !has_bad_email {
                    self.to_be_addressed.push(id);
                }
                self.hold(id, roles);
                if !has_own_name {
                    self.called_by_role.insert(name.clone());
                }
                self.listed.insert(name, id);
            }
        }
    }

    /// Adds to a person of a list what the configuration says of them: more roles and conversations; another address,
    /// number or other channels take the place of the list's.
    pub(super) fn add_to_listed(&mut self, id: RecipientId, more: Recipient) {
        self.hold(id, more.roles.clone());
        let person = &mut self.recipients[id.0 as usize];
        let new: Vec<String> = more.roles.into_iter().filter(|role| !person.roles.contains(role)).collect();
        person.roles.extend(new);
        person.email = more.email.or(person.email.take());
        person.phone = more.phone.or(person.phone.take());
        person.address = more.address.or(person.address.take());
        person.chats.extend(more.chats);
        if !more.via.is_empty() {
            person.via = more.via;
        }
    }
}
