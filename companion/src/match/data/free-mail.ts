import { domainSet } from './domain-set.ts';

/** Providers at which anyone can have a mailbox, and access providers whose customers get one. Written from the
 *  providers' own lists of domains, a line a provider; an access provider's own staff is too few to hide it. */
export const FREE_MAIL = domainSet( `
	hotmail.ca hotmail.be hotmail.nl hotmail.se hotmail.no hotmail.dk hotmail.fi hotmail.gr hotmail.ch hotmail.co.jp hotmail.com.br hotmail.com.ar hotmail.com.tr hotmail.co.th hotmail.com.au hotmail.co.nz hotmail.cl
	live.com.au live.ca live.nl live.be live.de live.it live.se live.no live.dk live.cl live.com.ar live.com.mx live.com.pt live.jp live.ie live.at live.in live.cn windowslive.com passport.com
	outlook.it outlook.com.br outlook.com.ar outlook.jp outlook.in outlook.pt outlook.be outlook.ie outlook.dk outlook.co.id outlook.co.th outlook.com.au outlook.com.tr outlook.cl outlook.cz outlook.hu outlook.kr outlook.sa outlook.sg outlook.at
	yahoo.ie yahoo.gr yahoo.ro yahoo.pl yahoo.se yahoo.no yahoo.dk yahoo.nl yahoo.be yahoo.at yahoo.cl yahoo.com.ar yahoo.com.mx yahoo.com.co yahoo.com.pe yahoo.com.ve yahoo.com.ph yahoo.com.sg yahoo.com.my yahoo.com.hk yahoo.com.tw yahoo.com.vn yahoo.com.tr yahoo.co.id yahoo.co.nz yahoo.co.th yahoo.co.za yahoo.co.kr yahoo.cn yahoo.com.cn myyahoo.com
	aol.co.uk aol.de aol.fr aol.it aol.jp aim.com love.com ygm.com verizon.net netscape.net compuserve.com cs.com
	hey.com
	tuta.io tutanota.com tutanota.de tutamail.com tuta.com keemail.me
	fastmail.com fastmail.fm fastmail.net fastmail.org messagingengine.com sent.com eml.cc fastmail.co.uk mailbolt.com emailplus.org
	zoho.com zohomail.com zohomail.eu zohomail.in zoho.eu zoho.in
	mailbox.org posteo.de posteo.net posteo.org posteo.eu disroot.org riseup.net autistici.org inventati.org startmail.com hushmail.com hush.com hush.ai mailfence.com runbox.com runbox.no countermail.com kolabnow.com mykolab.com ctemplar.com cock.li lavabit.com soverin.net
	gmx.us gmx.co.uk gmx.fr gmx.es gmx.it gmx.info gmx.org gmx.eu gmx.li gmx.biz
	email.com usa.com myself.com consultant.com post.com europe.com asia.com iname.com writeme.com dr.com engineer.com cheerful.com techie.com linuxmail.org accountant.com musician.org activist.com adexec.com artlover.com bikerider.com birdlover.com catlover.com collector.org comic.com cyberdude.com cybergal.com doglover.com doctor.com financier.com gardener.com graphic-designer.com hackermail.com hairdresser.net hilarious.com hot-shot.com inorbit.com instruction.com insurer.com journalist.com lawyer.com legislator.com lobbyist.com lovecat.com minister.com net-shopping.com optician.com orthodontist.net pediatrician.com photographer.net physicist.net planetmail.com planetmail.net politician.com popstar.com presidency.com priest.com programmer.net publicist.com radiologist.net realtyagent.com registerednurses.com repairman.com representative.com rescueteam.com salesperson.net sanfranmail.com secretary.net socialworker.net sociologist.com solution4u.com songwriter.net surgical.net teachers.org toothfairy.com tvstar.com umpire.com uymail.com worker.com workmail.com
	online.de arcor.de alice.de alice-dsl.net vodafone.de kabelmail.de unitybox.de o2online.de o2mail.de email.de mail.de freemail.de emailn.de ewe.net ewetel.net osnanet.de netcologne.de versanet.de 1und1.de t-online.com magenta.de htp-tel.de directbox.com firemail.de
	orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr voila.fr aliceadsl.fr club-internet.fr 9online.fr cegetel.net noos.fr
	btinternet.com btopenworld.com sky.com virginmedia.com ntlworld.com blueyonder.co.uk talktalk.net tiscali.co.uk plusnet.com plus.net o2.co.uk talk21.com lineone.net freeserve.co.uk
	libero.it virgilio.it alice.it tin.it tiscali.it inwind.it iol.it blu.it fastwebnet.it email.it teletu.it vodafone.it poste.it aruba.it
	telefonica.net terra.es ono.com movistar.es orange.es
	sapo.pt iol.pt netcabo.pt clix.pt mail.telepac.pt
	ziggo.nl home.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl xs4all.nl upcmail.nl chello.nl quicknet.nl casema.nl telfort.nl tele2.nl zonnet.nl wxs.nl
	telenet.be skynet.be proximus.be scarlet.be voo.be belgacom.net
	bluewin.ch hispeed.ch sunrise.ch swissonline.ch
	aon.at chello.at a1.net drei.at
	telia.com telia.se bredband.net comhem.se spray.se tele2.se
	online.no broadpark.no frisurf.no
	tdcadsl.dk mail.dk jubii.dk post.tele.dk stofanet.dk ofir.dk
	kolumbus.fi elisanet.fi luukku.com suomi24.fi saunalahti.fi welho.com pp.inet.fi
	wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.onet.pl gazeta.pl tlen.pl vp.pl poczta.fm neostrada.pl
	seznam.cz email.cz centrum.cz atlas.cz volny.cz post.cz
	azet.sk centrum.sk zoznam.sk pobox.sk
	freemail.hu citromail.hu indamail.hu vipmail.hu t-online.hu
	abv.bg mail.bg dir.bg
	otenet.gr forthnet.gr in.gr
	inbox.lv inbox.lt mail.ee hot.ee online.ee one.lt delfi.lt
	internet.ru xmail.ru ro.ru autorambler.ru myrambler.ru lenta.ru pochta.ru yandex.by yandex.kz yandex.ua yandex.com.tr narod.ru
	ukr.net i.ua meta.ua bigmir.net email.ua tut.by mail.kz
	mynet.com mynet.com.tr superonline.com ttmail.com
	walla.com walla.co.il 012.net.il netvision.net.il bezeqint.net zahav.net.il
	rediffmail.com rediff.com sify.com indiatimes.com vsnl.com vsnl.net
	sina.cn sina.com.cn vip.sina.com sohu.com tom.com yeah.net 139.com 189.cn wo.cn 21cn.com aliyun.com vip.qq.com vip.163.com vip.126.com 188.com 263.net
	daum.net nate.com hanmir.com korea.com empal.com dreamwiz.com paran.com
	docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp plala.or.jp excite.co.jp infoseek.jp goo.jp
	bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au westnet.com.au internode.on.net ozemail.com.au dodo.com.au
	xtra.co.nz slingshot.co.nz orcon.net.nz clear.net.nz
	uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br zipmail.com.br
	arnet.com.ar fibertel.com.ar speedy.com.ar ciudad.com.ar
	prodigy.net.mx
	mweb.co.za webmail.co.za vodamail.co.za telkomsa.net iafrica.com
	comcast.net xfinity.com att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net swbell.net snet.net cox.net charter.net spectrum.net rr.com roadrunner.com twc.com earthlink.net mindspring.com juno.com netzero.net netzero.com optonline.net optimum.net frontier.com frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com q.com suddenlink.net mediacombb.net cableone.net wowway.com rcn.com peoplepc.com prodigy.net
	rogers.com shaw.ca bell.net sympatico.ca videotron.ca telus.net cogeco.ca eastlink.ca teksavvy.com sasktel.net mts.net nb.sympatico.ca
	lycos.com lycos.de lycos.co.uk excite.com inbox.com mail2world.com bigfoot.com care2.com atlas.sk maktoob.com
` );
