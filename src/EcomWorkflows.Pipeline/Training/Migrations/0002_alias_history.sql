-- Moves of aliases by people, and what kind of move it was: a rollback goes back along promotions, never along other rollbacks.
alter table registry.model_alias_event
  add column kind text not null default 'promotion',
  add column actor text,
  add constraint alias_event_kind check (kind in ('promotion', 'rollback', 'proposal', 'refusal'));

update registry.model_alias_event
set kind = 'refusal'
where not moved;

alter table registry.model_alias_event
  add constraint only_promotion_and_rollback_move check (moved = (kind in ('promotion', 'rollback')));
